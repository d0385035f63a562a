"""Both sides of every port, made alike: the memory ones and the real ones, so that one suite can ask both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.parties import CONTACTS, Party
from shared.contracts.wire.compacted import Tombstone
from shared.kernel import ids
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.outbox.compacted import CompactedOutbox
from shared.messaging.outbox.events import EventOutbox
from shared.messaging.ports import Inbox, Outbox, Outgoing
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support.memory_group import KEYS, START, TOPIC, nth
from tests.support.memory_inbox import MemoryInbox
from tests.support.memory_ports import MemoryOutbox
from tests.support.records import party_record

PARTIES = CONTACTS.of("enrollment")


@dataclass
class OutboxUnderTest:
    """`add(number, at)` records the next row of a key of its own."""

    outbox: Outbox
    add: Callable[[int, datetime], Outgoing]


def memory_outbox() -> OutboxUnderTest:
    outbox = MemoryOutbox(TOPIC)

    def add(number: int, at: datetime) -> Outgoing:
        told = nth(UUID(int=number), 1, at)
        row = Outgoing(told.id, TOPIC, told.key, 1, told.headers(), told.body, at)
        outbox.add(row)
        return row

    return OutboxUnderTest(outbox, add)


def event_outbox() -> OutboxUnderTest:
    outbox = EventOutbox(TOPIC)

    def add(number: int, at: datetime) -> Outgoing:
        told = nth(UUID(int=number), 1, at)
        row = {
            "_id": told.id,
            "topic": TOPIC,
            "key": told.key,
            "sequence": 1,
            "type": told.type,
            "source": told.source,
            "body": told.body.decode(),
            "recorded_at": at,
            **dict.fromkeys(("traceparent", "causation_id", "principal", "institution")),
            "correlation_id": told.correlation_id,
        }
        _insert("outbox", row)
        _insert("pending", {"_id": told.id, "at": at})
        return Outgoing(told.id, TOPIC, told.key, 1, told.headers(), told.body, at)

    return OutboxUnderTest(outbox, add)


def contact_outbox() -> OutboxUnderTest:
    outbox = CompactedOutbox(CONTACTS, "enrollment")

    def add(number: int, at: datetime) -> Outgoing:
        key, event_id = UUID(int=number), ids.derived("party", number)
        erased = Tombstone(key=key, version=1)
        row = {"_id": key, "event_id": event_id, "version": 1, "body": None, "recorded_at": at, "pending_at": at}
        _insert("contact_outbox", {**row, "traceparent": None})
        record = party_record(erased, owner="enrollment", event_id=event_id, time=at)
        return Outgoing(event_id, PARTIES, key, 1, record.headers, record.value, at)

    return OutboxUnderTest(outbox, add)


def _insert(collection: str, row: dict[str, Any]) -> None:
    in_new_transaction(lambda: connection.database()[collection].insert_one(row))


@dataclass
class InboxUnderTest:
    """`again` is the inbox as another life of the process sees it; `effect` leaves something in the transaction."""

    inbox: Inbox
    again: Callable[[], Inbox]
    effect: Callable[[str], None]
    effects: Callable[[], list[str]]


def memory_inbox() -> InboxUnderTest:
    inbox = MemoryInbox()

    def again() -> Inbox:
        inbox.process = object()
        return inbox

    def effect(what: str) -> None:
        inbox.stored.effects.append(what)

    return InboxUnderTest(inbox, again, effect, lambda: [str(found) for found in inbox.stored.effects])


def mongo_inbox() -> InboxUnderTest:
    rows = connection.database()["effects"]
    return InboxUnderTest(
        MongoInbox("toy.group", ids.new()),
        lambda: MongoInbox("toy.group", ids.new()),
        lambda what: rows.insert_one({"_id": ids.new(), "what": what}) and None,
        lambda: [row["what"] for row in sorted(rows.find({}), key=lambda row: row["_id"].int)],
    )


def party(version: int) -> Party:
    return Party(party_id=KEYS[0], version=version, kind="person", name="Ni Luh", email="luh@example.org")


A, B = KEYS[:2]

LATER = START + timedelta(seconds=30)
