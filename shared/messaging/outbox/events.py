"""The outbox of events, as the relay reads it: what is pending, what was sent, and history to be sent again.

The relay's reads cost what is pending, whatever the history, and an acknowledged event costs the deletion of a small row,
not the rewriting of a large one. The rows are written by `shared.domain.outbox_rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from pymongo import DeleteMany, UpdateOne

from shared.contracts.wire.record import ANSWERS_HEADER, MOST_ANSWERS
from shared.domain.outbox_rows import COLLECTION, PENDING, envelope_of
from shared.kernel import clock, failpoints
from shared.messaging.outbox.relay_state import RelayState
from shared.messaging.ports import Acknowledged, Checkpoints, Outgoing
from shared.messaging.seals import with_answer_seal
from shared.storage import connection
from shared.storage.transaction import in_new_transaction

T = TypeVar("T")

WIDEST = timedelta(days=366)

SLICE = 500
FEW = 20  # ids in one `$in`: the embedded store compares each row found with each of them


def outgoing_of(row: dict[str, Any], answers: Sequence[UUID] = ()) -> Outgoing:
    """Make the record of a row; `answers` are the requests for which it is sent."""
    envelope = envelope_of(row)
    named = [(ANSWERS_HEADER, ",".join(map(str, answers)).encode())] if answers else []
    topic, key, body = row["topic"], row["key"], envelope.body
    headers = with_answer_seal(topic, str(key).encode(), body, envelope.headers() + named)
    return Outgoing(row["_id"], topic, key, row["sequence"], headers, body, row["recorded_at"])


@dataclass(frozen=True, slots=True)
class Page:
    """Ids of rows to be sent again, and where the next page begins (None: this is the last)."""

    rows: list[UUID]
    next_after: datetime | None = None


class EventOutbox:
    """The relay's port on this service's events."""

    collection = COLLECTION

    def __init__(self, topic: str, fence: Callable[[], int] = lambda: 0) -> None:
        """`fence` gives the token of the lease under which this relay works."""
        self.topic = topic
        self._state = RelayState(topic, fence)
        self.checkpoints, self.epoch = self._state.checkpoints, self._state.epoch

    def oldest_pending(self) -> datetime | None:
        row = self._pending().find_one({}, {"at": 1}, sort=[("at", 1)])
        return row["at"] if row else None

    def pending(self, after: datetime, before: datetime, limit: int) -> list[Outgoing]:
        marks = self._pending().find({"at": {"$gte": after, "$lt": before}}).sort("at", 1).limit(limit)
        answers = {mark["_id"]: mark.get("answers", ()) for mark in marks}
        rows = {row["_id"]: row for few in slices(answers, FEW) for row in self._rows().find({"_id": {"$in": few}})}
        return [outgoing_of(rows[row_id], requests) for row_id, requests in answers.items()]

    def pending_count(self) -> int:
        count: int = self._pending().count_documents({})
        return count

    def mark(self, sent: Sequence[Acknowledged], reached: Checkpoints) -> None:
        def work() -> None:
            if sent:
                event_ids = [ack.record.event_id for ack in sent]
                deletions = [DeleteMany({"_id": {"$in": few}}) for few in slices(event_ids, FEW)]
                self._pending().bulk_write(deletions, ordered=False)
            failpoints.hit("relay.in_mark", self.topic)
            self._state.reached(reached)

        in_new_transaction(work)

    def page_of(self, key: UUID | None, from_sequence: int, after: datetime | None, limit: int) -> Page:
        """Return one page of history: of one key from a sequence on, or of everything from a recording time on."""
        if key is not None:
            history = self._rows().find({"key": key, "sequence": {"$gte": from_sequence}}, {"_id": 1})
            return Page([row["_id"] for row in history.sort("sequence", 1)])
        start, end = after or self._oldest_recorded(), clock.now()
        recorded: list[dict[str, Any]] = []
        width = timedelta(hours=1)
        while start is not None and start <= end and len(recorded) <= limit:
            window = {"recorded_at": {"$gte": start, "$lt": start + width}}
            recorded += self._rows().find(window, {"recorded_at": 1}).sort("recorded_at", 1).limit(limit + 1)
            start, width = start + width, min(width * 4, WIDEST)
        if len(recorded) <= limit:
            return Page([row["_id"] for row in recorded])
        last = recorded[limit - 1]["recorded_at"]
        same_moment = self._rows().find({"recorded_at": last}, {"_id": 1})
        rows = [row["_id"] for row in recorded if row["recorded_at"] < last] + [row["_id"] for row in same_moment]
        return Page(rows, last + timedelta(milliseconds=1))

    def send_again(self, rows: Sequence[UUID], answering: UUID | None = None) -> None:
        """Let the relay send these rows once more, and say which request they answer."""
        self._make_pending(((row_id, clock.now()) for row_id in rows), answering)

    def reopen(self, since: datetime | None) -> int:
        """Reopen in slices, since one transaction over a long history would never end in time; the checkpoints go last.

        A relay that dies in between finds the same loss again.
        """
        lost = self._rows().find({"recorded_at": {"$gte": since}} if since else {}, {"recorded_at": 1})
        reopened = self._make_pending((row["_id"], row["recorded_at"]) for row in lost)
        in_new_transaction(self._state.begin_epoch)
        return reopened

    def _make_pending(self, rows: Iterable[tuple[UUID, datetime]], answering: UUID | None = None) -> int:
        """Make those of the rows pending that are not; returns how many."""
        made = 0
        answer = {"$push": {"answers": {"$each": [answering], "$slice": -MOST_ANSWERS}}} if answering else {}
        for slice_ in slices(rows, SLICE):
            writes = [
                UpdateOne({"_id": row_id}, {"$setOnInsert": {"at": at}, **answer}, upsert=True) for row_id, at in slice_
            ]
            made += in_new_transaction(partial(self._pending().bulk_write, writes, ordered=False)).upserted_count
        return made

    def _oldest_recorded(self) -> datetime | None:
        row = self._rows().find_one({"recorded_at": {"$exists": True}}, sort=[("recorded_at", 1)])
        return row["recorded_at"] if row else None

    def _rows(self) -> Any:
        return connection.database()[COLLECTION]

    def _pending(self) -> Any:
        return connection.database()[PENDING]


def slices(items: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some
