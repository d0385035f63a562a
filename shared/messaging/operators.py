"""What an operator may see and do in the store of one service: its outboxes, and what its groups have parked.

Nothing here publishes or applies in a way of its own. Rows become pending again and the relay sends them; a parked record
is tried again, or given up, by the delivery of its own group, in a transaction that the worker's cannot contradict. What
is asked of a record that is no longer parked raises `NotParked`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.contracts.contacts import OWNERS
from shared.messaging.consumer import delivery_for
from shared.messaging.contact_outbox import ContactOutbox
from shared.messaging.delivery import OutOfTurn
from shared.messaging.inbox import MongoInbox, parked_of
from shared.messaging.outbox import FactOutbox
from shared.messaging.parking import ParkingLot
from shared.messaging.ports import Checkpoint, Parked
from shared.messaging.reactions import Reactions
from shared.runtime import clock
from shared.runtime.service import Service
from shared.runtime.settings import settings
from shared.storage import connection

State = Literal["applied", "superseded", "waiting", "failed", "out of turn", "discarded"]
OPEN = ("failed", "waiting", "gap")
DISCARDED = "discarded"
_LISTED = {"value": 0, "headers": 0, "record_key": 0}
_DEFAULTS = {"next_try_at": None}  # a discarded record has none


class NotParked(LookupError):
    """There is no such record, or it was discarded before."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What one topic still has to be told, and how far its log is known to be intact."""

    topic: str
    pending: int
    oldest_seconds: float | None
    epoch: int
    newest: dict[int, Checkpoint]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record; `then` is what is parked of its key at the cursor now, `behind` counts all that is."""

    state: State
    detail: str = ""
    expected: int | None = None
    then: dict[str, Any] | None = None
    behind: int = 0


def facts_of(service: Service) -> FactOutbox:
    return FactOutbox(service.fact_topic)


def contacts_of(service: Service) -> ContactOutbox | None:
    """The outbox of the parties that a service owns."""
    return ContactOutbox(service.name) if service.name in OWNERS else None


def backlogs(service: Service) -> list[Backlog]:
    return [_backlog(outbox) for outbox in (facts_of(service), contacts_of(service)) if outbox]


def _backlog(outbox: FactOutbox | ContactOutbox) -> Backlog:
    oldest = outbox.oldest_pending()
    return Backlog(
        topic=outbox.topic,
        pending=outbox.pending_count() if oldest else 0,
        oldest_seconds=(clock.now() - oldest).total_seconds() if oldest else None,
        epoch=outbox.epoch(),
        newest={partition: known[-1] for partition, known in sorted(outbox.checkpoints().items()) if known},
    )


def pages(outbox: FactOutbox | ContactOutbox, key: UUID | None, since: datetime | None) -> Iterator[list[UUID]]:
    """The ids of the rows of a key, or recorded since a moment, or of all rows; oldest first, a page at a time.

    What is recorded while the pages are read is not missed: it is pending anyway.
    """
    after = since
    while True:
        page = outbox.page_of(key, 1, after, settings().resend_page)
        yield page.rows
        if page.next_after is None:
            return
        after = page.next_after


def listed(group: str | None, reason: str | None) -> list[dict[str, Any]]:
    """Rows of parked records without their bodies: what waits for an operator first, each key in its order."""
    query: dict[str, Any] = {"group": group} if group else {}
    query["reason"] = reason or {"$in": list(OPEN)}
    rows = [{**_DEFAULTS, **row} for row in connection.database()["parked"].find(query, _LISTED)]
    order = {name: place for place, name in enumerate(OPEN)}
    return sorted(rows, key=lambda row: (order.get(row["reason"], -1), row["parked_at"], row["sequence"]))


def found(parked_id: str) -> dict[str, Any]:
    """The row of a parked or discarded record."""
    row = connection.database()["parked"].find_one({"_id": parked_id})
    if row is None:
        raise NotParked("nothing is parked under this id; it may have been applied by now")
    return {**_DEFAULTS, **row}


def queue_behind(row: dict[str, Any]) -> int:
    """How many records of the same key are parked behind this one."""
    if row["key"] is None:
        return 0
    later = {"group": row["group"], "topic": row["topic"], "key": row["key"], "reason": {"$in": list(OPEN)}}
    rows = connection.database()["parked"].find(later, {"sequence": 1})
    return sum(1 for other in rows if other["sequence"] > row["sequence"])


def retry(group: Reactions, parked_id: str) -> Outcome:
    """Try a record once more, as its worker would."""
    row = _open(parked_id)
    parked, inbox = parked_of(row), MongoInbox(group.group)
    passed = _expected(inbox, parked)
    if ParkingLot(delivery_for(group, inbox)).retry(parked):
        was_behind = passed is not None and parked.sequence < passed
        return _outcome(inbox, parked, "superseded" if was_behind else "applied")
    now = connection.database()["parked"].find_one({"_id": parked_id})
    if now is None:
        return _outcome(inbox, parked, "applied", "by its worker, in this moment")
    if now["tries"] == parked.tries:
        return _outcome(inbox, parked, "out of turn")
    return _outcome(inbox, parked, "waiting" if now["reason"] == "waiting" else "failed", now["detail"])


def discard(group: Reactions, parked_id: str, why: str) -> Outcome:
    """Give a record up and let its key go on; the row stays, with the reason."""
    parked, inbox = parked_of(_open(parked_id)), MongoInbox(group.group)
    try:
        ParkingLot(delivery_for(group, inbox)).discard(parked, why)
    except OutOfTurn:
        return _outcome(inbox, parked, "out of turn")
    if connection.database()["parked"].find_one({"_id": parked_id}, {"_id": 1}) is None:
        return _outcome(inbox, parked, "applied", "by its worker, before it could be discarded")
    return _outcome(inbox, parked, "discarded")


def _open(parked_id: str) -> dict[str, Any]:
    row = found(parked_id)
    if row["reason"] == DISCARDED:
        raise NotParked(f"discarded at {row['discarded_at']:%Y-%m-%d %H:%M} UTC: {row['why']}")
    return row


def _expected(inbox: MongoInbox, parked: Parked) -> int | None:
    """The sequence that the key's cursor waits for; None for a record that has no place in a key's history."""
    if parked.key is None:
        return None
    pair = (parked.record.topic, parked.key)
    return inbox.transaction(lambda: inbox.cursors([pair]))[pair].sequence + 1


def _outcome(inbox: MongoInbox, parked: Parked, state: State, detail: str = "") -> Outcome:
    expected = _expected(inbox, parked)
    if expected is None:
        return Outcome(state, detail)
    place = f"{inbox.group}|{parked.record.topic}|{parked.key}|{expected}"
    then = connection.database()["parked"].find_one({"_id": place, "reason": {"$in": list(OPEN)}}, _LISTED)
    row = {"group": inbox.group, "topic": parked.record.topic, "key": parked.key, "sequence": expected - 1}
    return Outcome(state, detail, expected, then, queue_behind(row))
