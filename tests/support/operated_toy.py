"""The toy service with pages, and a group whose handler a test can break and mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.contracts.parties import Party
from shared.contracts.wire.compacted import Tombstone
from shared.messaging.errors import WaitFor
from shared.messaging.inbox.runner import delivery_for
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.outbox import events
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from shared.web.pages.declare import Pages
from tests.support import toy

GROUP = "toy.first"
group = toy.recording("toy.other")
PAGES = Pages("toy")


class EventHandler:
    """What happens to a suspension: `works`, `fails` or `waits`."""

    def __init__(self) -> None:
        self.does = "works"
        self.group = ConsumerGroup(GROUP)
        self.group.handles(InstitutionRegistered)(self._registered)
        self.group.handles(InstitutionSuspended)(self._suspended)
        self.group.handles_party("enrollment")(self._party)

    def _registered(self, event: InstitutionRegistered, about: Envelope) -> None:
        toy.note_effect(event.institution_id, about.sequence, GROUP)

    def _suspended(self, event: InstitutionSuspended, about: Envelope) -> None:
        if self.does == "fails":
            raise ValueError("the invented bug of ketut@example.org")
        if self.does == "waits":
            raise WaitFor(InstitutionRegistered, event.institution_id)
        toy.note_effect(event.institution_id, about.sequence, GROUP)

    def _party(self, party: Party | Tombstone) -> None:
        raise ValueError(f"{party} has no zone")

    def deliver(self, records: list[Incoming]) -> None:
        delivery = delivery_for(self.group, MongoInbox(GROUP))
        delivery.deliver(delivery.decode(records))


REACTION = EventHandler()


class OperatedService(toy.ToyService):
    __slots__ = ()

    @property
    def folder(self) -> Path:
        return Path(__file__).parent / "demo"

    @property
    def routes(self) -> tuple[Any, ...]:
        return ()

    @property
    def pages(self) -> tuple[Any, ...]:
        return (PAGES,)

    @property
    def groups(self) -> tuple[Any, ...]:
        return (REACTION.group, group)


SERVICE = OperatedService(name="toy", title="Toy", port=8198, metrics_port=9198)


def history(length: int) -> Any:
    """A key with as many events in the outbox."""
    key = toy.register().id
    for _ in range(length - 1):
        toy.suspend(key)
    return key


def records(key: Any) -> list[Incoming]:
    """The events of a key as they arrive from the topic."""
    rows = sorted(connection.database()["outbox"].find({"key": key}), key=lambda row: row["sequence"])
    return [
        Incoming(sent.topic, 0, sent.sequence, str(sent.key).encode(), sent.headers, sent.value)
        for sent in map(events.outgoing_of, rows)
    ]


def parked_history(length=4, does="fails"):
    """A key whose second record fails, and the addresses of its records' pages."""
    REACTION.does = does
    key = history(length)
    REACTION.deliver(records(key))
    return key, [f"/operations/parked/{GROUP}/{toy.TOPIC}/{key}/{number}" for number in range(2, length + 1)]


def reasons(key):
    rows = connection.database()["parked"].find({"key": key})
    return {row["sequence"]: row["reason"] for row in rows}


def pending():
    return connection.database()["pending"].count_documents({})


def keys_to_be_sent():
    database = connection.database()
    return [database["outbox"].find_one({"_id": row["_id"]})["key"] for row in database["pending"].find({})]


def publish():
    in_new_transaction(lambda: connection.database()["pending"].delete_many({}))


def accesses():
    return [
        (row["action"], row["role"], row["object"], row["outcome"])
        for row in connection.database()["access_log"].find({})
    ]
