"""The operators' commands in the store of one service: on its outboxes, and on what its groups have parked.

Nothing here publishes or applies in a way of its own. Rows become pending again and the relay sends them; a parked record
is tried again, or given up, by the delivery of its own group, in a transaction that the worker's cannot contradict. What
is asked of a record that is no longer parked raises `NotParked`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.kernel import clock
from shared.kernel.service import Service
from shared.kernel.settings.current import settings
from shared.messaging.errors import NotParked, OutOfOrder
from shared.messaging.inbox.parked import parked_of
from shared.messaging.inbox.parking import ParkingLot
from shared.messaging.inbox.runner import delivery_for
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.outbox.compacted import AnyOutbox, CompactedOutbox, compacted_outboxes
from shared.messaging.outbox.events import EventOutbox
from shared.messaging.ports import OPEN, Checkpoint, Parked
from shared.messaging.projections import generations
from shared.messaging.projections.catch_up import Progress, progress_of
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection

State = Literal["applied", "superseded", "waiting", "failed", "out of turn", "discarded"]
Place = tuple[tuple[int, datetime, int], str]
DISCARDED = "discarded"
EVENTS = "facts"
_LISTED = {"value": 0, "headers": 0, "record_key": 0, "failure": 0}
_PLACE = {"reason": 1, "parked_at": 1, "sequence": 1}
_DEFAULTS = {"next_try_at": None}  # a discarded record has none


@dataclass(frozen=True, slots=True)
class Backlog:
    """The rows that one topic still has to be sent, and how far its log is known to be intact."""

    topic: str
    pending: int
    oldest_seconds: float | None
    epoch: int
    newest: dict[int, Checkpoint]


@dataclass(frozen=True, slots=True)
class ParkedPage:
    """Some rows of parked records, the place behind the last (None: there are no more), and how many there are by reason."""

    rows: list[dict[str, Any]]
    next: str | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The other parked records of a key: the id of the first one before this one, and how many are behind it."""

    first: str | None
    behind: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a retry or a discard; `then` is what is parked of its key at the cursor now, `behind` counts all that is."""

    state: State
    detail: str = ""
    expected: int | None = None
    then: dict[str, Any] | None = None
    behind: int = 0


def outboxes_of(service: Service) -> dict[str, AnyOutbox]:
    """Return the outboxes of a service by what they hold: `facts`, and where it owns some `contacts` and `reference`."""
    compacted = {outbox.topic.split(".")[1]: outbox for outbox in compacted_outboxes(service.name)}
    return {EVENTS: EventOutbox(service.event_topic), **compacted}


def backlogs(service: Service) -> list[Backlog]:
    return [_backlog(outbox) for outbox in outboxes_of(service).values()]


def _backlog(outbox: AnyOutbox) -> Backlog:
    oldest = outbox.oldest_pending()
    return Backlog(
        topic=outbox.topic,
        pending=outbox.pending_count() if oldest else 0,
        oldest_seconds=(clock.now() - oldest).total_seconds() if oldest else None,
        epoch=outbox.epoch(),
        newest={
            partition: checkpoints[-1] for partition, checkpoints in sorted(outbox.checkpoints().items()) if checkpoints
        },
    )


def pages(outbox: AnyOutbox, key: UUID | None, since: datetime | None) -> Iterator[list[UUID]]:
    """Yield the ids of the rows of a key, or recorded since a moment, or of all rows; oldest first, a page at a time.

    What is recorded while the pages are read is not missed: it is pending anyway.
    """
    after = since
    while True:
        page = outbox.page_of(key, 1, after, settings().resend_page)
        yield page.rows
        if page.next_after is None:
            return
        after = page.next_after


def rows_to_send(outbox: AnyOutbox, key: UUID | None, since: datetime | None) -> int:
    """Count the rows that `pages` is about."""
    query: dict[str, Any] = {"recorded_at": {"$gte": since}} if since else {}
    if key:
        query = {"_id": key} if isinstance(outbox, CompactedOutbox) else {"key": key}
    count: int = connection.database()[outbox.collection].count_documents(query)
    return count


def listed(group: str | None, reason: str | None) -> list[dict[str, Any]]:
    """List rows of parked records without their bodies: what waits for an operator first, each key in its order."""
    query: dict[str, Any] = {"group": group} if group else {}
    query["reason"] = reason or {"$in": list(OPEN)}
    rows = [{**_DEFAULTS, **row} for row in connection.database()["parked"].find(query, _LISTED)]
    return sorted(rows, key=_urgency)


def page_of_parked(group: str | None, reason: str | None, after: str | None, limit: int) -> ParkedPage:
    """List the same, a page at a time; `counts` covers every reason of the group. A bad `after` is a `ValueError`.

    What all rows have in common with the order is read of all of them, the rest of those that are shown.
    """
    places = list(connection.database()["parked"].find({"group": group} if group else {}, _PLACE))
    counts = Counter(place["reason"] for place in places)
    reasons = {reason} if reason else set(OPEN)
    ordered = sorted((_urgency(place), place["_id"]) for place in places if place["reason"] in reasons)
    if after is not None:
        after_place = _read_place(after)
        ordered = [place for place in ordered if place > after_place]
    shown = ordered[:limit]
    rows_by_id = {row["_id"]: row for row in _rows_of([row_id for _, row_id in shown])}
    return ParkedPage(
        rows=[{**_DEFAULTS, **rows_by_id[row_id]} for _, row_id in shown if row_id in rows_by_id],
        next=_write_place(shown[-1]) if len(ordered) > limit else None,
        counts=dict(counts),
    )


def _rows_of(row_ids: list[str]) -> Iterable[dict[str, Any]]:
    return connection.database()["parked"].find({"_id": {"$in": row_ids}}, _LISTED) if row_ids else ()


def _urgency(row: dict[str, Any]) -> tuple[int, datetime, int]:
    rank = OPEN.index(row["reason"]) if row["reason"] in OPEN else -1
    return rank, row["parked_at"], row["sequence"]


def _write_place(place: Place) -> str:
    (rank, parked_at, sequence), row_id = place
    return f"{rank}~{parked_at.isoformat()}~{sequence}~{row_id}"


def _read_place(text: str) -> Place:
    rank, parked_at, sequence, row_id = text.split("~", 3)
    moment = datetime.fromisoformat(parked_at)
    if moment.tzinfo is None:
        raise ValueError("a place in the list has a time with a zone")
    return (int(rank), moment, int(sequence)), row_id


def found(parked_id: str) -> dict[str, Any]:
    """Return the row of a parked or discarded record."""
    row = connection.database()["parked"].find_one({"_id": parked_id})
    if row is None:
        raise NotParked("nothing is parked under this id; it may have been applied by now")
    return {**_DEFAULTS, **row}


def effects_of(row: dict[str, Any]) -> list[str]:
    """Return what this service said because of an event that was not its owner's: it stands until a person has seen to it."""
    if row.get("failure") != "forged":
        return []
    caused = connection.database()[EventOutbox.collection].find(
        {"causation_id": row["event_id"]}, {"type": 1, "key": 1, "correlation_id": 1}
    )
    return [f"{one['type'].removeprefix('id.score.')} of {one['key']}, story {one['correlation_id']}" for one in caused]


def neighbours(row: dict[str, Any]) -> Neighbours:
    """Return what else of the same key is parked for the same group."""
    if row["key"] is None:
        return Neighbours(None, 0)
    same_key = {"group": row["group"], "topic": row["topic"], "key": row["key"], "reason": {"$in": list(OPEN)}}
    places = sorted(
        (place["sequence"], place["_id"]) for place in connection.database()["parked"].find(same_key, _PLACE)
    )
    before = [row_id for sequence, row_id in places if sequence < row["sequence"]]
    return Neighbours(before[0] if before else None, sum(sequence > row["sequence"] for sequence, _ in places))


def group_of(groups: Iterable[ConsumerGroup], row: dict[str, Any]) -> ConsumerGroup | None:
    """Return the group that parked a record; None when this release no longer has it."""
    return generations.named(groups, row["group"])


def group_names(groups: Iterable[ConsumerGroup]) -> list[str]:
    """List the names under which these groups read and park: of a projection, one for each of its living generations."""
    return [
        generations.name_of(group.group, number)
        for group in groups
        for number in (generations.load_state(group.group).living if group.projection else (generations.FIRST,))
    ]


def rebuilds(groups: Iterable[ConsumerGroup]) -> list[Progress]:
    """Return where each projection stands. Only of one that is being rebuilt keys are counted: that reads all cursors."""
    states = [(group, generations.load_state(group.group)) for group in groups if group.projection]
    return [Progress(state, 0) if state.building is None else progress_of(group) for group, state in states]


def retry(group: ConsumerGroup, parked_id: str) -> Outcome:
    """Try a record once more, as its worker would."""
    row = _open(parked_id)
    parked, inbox = parked_of(row), MongoInbox(group.group, fence=group.fence)
    expected = _expected_sequence(inbox, parked)
    if ParkingLot(delivery_for(group, inbox)).retry(parked):
        was_behind = expected is not None and parked.sequence < expected
        return _outcome(inbox, parked, "superseded" if was_behind else "applied")
    still_parked = connection.database()["parked"].find_one({"_id": parked_id})
    if still_parked is None:
        return _outcome(inbox, parked, "applied", "by its worker, in this moment")
    if still_parked["tries"] == parked.tries:
        inbox.transaction(lambda: inbox.ask_anew(parked))
        return _outcome(inbox, parked, "out of turn")
    return _outcome(
        inbox, parked, "waiting" if still_parked["reason"] == "waiting" else "failed", still_parked["detail"]
    )


def discard(group: ConsumerGroup, parked_id: str, why: str) -> Outcome:
    """Give a record up and let its key go on; the row stays, with the reason."""
    parked, inbox = parked_of(_open(parked_id)), MongoInbox(group.group, fence=group.fence)
    try:
        ParkingLot(delivery_for(group, inbox)).discard(parked, why)
    except OutOfOrder:
        return _outcome(inbox, parked, "out of turn")
    if connection.database()["parked"].find_one({"_id": parked_id}, {"_id": 1}) is None:
        return _outcome(inbox, parked, "applied", "by its worker, before it could be discarded")
    return _outcome(inbox, parked, "discarded")


def _open(parked_id: str) -> dict[str, Any]:
    row = found(parked_id)
    if row["reason"] == DISCARDED:
        raise NotParked(f"discarded at {row['discarded_at']:%Y-%m-%d %H:%M} UTC: {row['why']}")
    return row


def _expected_sequence(inbox: MongoInbox, parked: Parked) -> int | None:
    """Return the sequence that the key's cursor waits for; None for a record that has no place in a key's history."""
    if parked.key is None:
        return None
    pair = (parked.record.topic, parked.key)
    return inbox.transaction(lambda: inbox.cursors([pair]))[pair].sequence + 1


def _outcome(inbox: MongoInbox, parked: Parked, state: State, detail: str = "") -> Outcome:
    expected = _expected_sequence(inbox, parked)
    if expected is None:
        return Outcome(state, detail)
    place = f"{inbox.group}|{parked.record.topic}|{parked.key}|{expected}"
    next_row = connection.database()["parked"].find_one({"_id": place, "reason": {"$in": list(OPEN)}}, _LISTED)
    row = {"group": inbox.group, "topic": parked.record.topic, "key": parked.key, "sequence": expected - 1}
    return Outcome(state, detail, expected, next_row, neighbours(row).behind)
