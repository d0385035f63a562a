"""The outbox of facts: written in the transaction of the state change, kept for ever.

`(key, sequence)` is unique. `pending_at` is present only until the broker has acknowledged the row; its sparse index makes
the relay's reads cost what is pending, whatever the history. The relay's checkpoints per partition live
beside it, so that a broker's loss is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.event import Fact, topic_of
from shared.errors import BodyTooLarge
from shared.messaging.ports import Acknowledged, Checkpoint, Checkpoints, Outgoing
from shared.runtime import clock, failpoints, ids
from shared.runtime.context import current_principal, current_trace, next_span
from shared.storage import connection
from shared.storage.indexes import index, unique
from shared.storage.transaction import in_new_transaction

COLLECTION = "outbox"
RELAYS = "relays"
WIDEST = timedelta(days=366)
LARGEST_FACT = 256 * 1024  # bytes; a larger one could stay in the outbox for ever, refused by the broker
SLICE = 500
COLLECTIONS = {
    COLLECTION: (
        unique("key", "sequence"),
        index("pending_at", sparse=True),
        index("recorded_at"),
        index("correlation_id"),
    ),
    RELAYS: (),
}


def row_of(fact: Fact, *, aggregate_id: UUID, sequence: int) -> dict[str, Any]:
    """The row of a fact recorded now, by the current principal, as part of the current story."""
    principal, trace = current_principal(), current_trace()
    envelope = Envelope.around(
        fact,
        id=ids.new(),
        time=clock.now(),
        sequence=sequence,
        correlation_id=trace.correlation_id,
        causation_id=trace.causation_id,
        traceparent=next_span(trace.traceparent),
        principal=principal.id,
        institution=principal.institution,
    )
    if envelope.key != aggregate_id:
        raise ValueError(f"{type(fact).__name__} is keyed by {envelope.key}, recorded by {aggregate_id}")
    if len(envelope.body) > LARGEST_FACT:
        raise BodyTooLarge(f"{type(fact).__name__} has {len(envelope.body)} bytes")
    return {
        "_id": envelope.id,
        "topic": topic_of(type(fact)),
        "key": envelope.key,
        "sequence": sequence,
        "type": envelope.type,
        "source": envelope.source,
        "body": envelope.body.decode(),
        "recorded_at": envelope.time,
        "pending_at": envelope.time,
        "traceparent": envelope.traceparent,
        "correlation_id": envelope.correlation_id,
        "causation_id": envelope.causation_id,
        "principal": envelope.principal,
        "institution": envelope.institution,
    }


def envelope_of(row: dict[str, Any]) -> Envelope:
    return Envelope(
        id=row["_id"],
        type=row["type"],
        source=row["source"],
        time=row["recorded_at"],
        key=row["key"],
        sequence=row["sequence"],
        traceparent=row["traceparent"],
        correlation_id=row["correlation_id"],
        causation_id=row["causation_id"],
        principal=row["principal"],
        institution=row["institution"],
        body=row["body"].encode(),
    )


def outgoing_of(row: dict[str, Any]) -> Outgoing:
    envelope = envelope_of(row)
    return Outgoing(
        row["_id"], row["topic"], row["key"], row["sequence"], envelope.headers(), envelope.body, row["recorded_at"]
    )


class Overtaken(RuntimeError):
    """Another relay holds the lease: what this one sent stays pending, and is sent again by the holder."""


def _stored(known: Sequence[Checkpoint]) -> list[dict[str, Any]]:
    return [{"offset": checkpoint.offset, "event_id": checkpoint.event_id, "at": checkpoint.at} for checkpoint in known]


@dataclass(frozen=True, slots=True)
class Page:
    """Ids of rows to be sent again, and where the next page begins (None: this is the last)."""

    rows: list[UUID]
    next_after: datetime | None = None


class FactOutbox:
    """The relay's port on this service's facts."""

    collection = COLLECTION

    def __init__(self, topic: str, fence: Callable[[], int] = lambda: 0) -> None:
        """`fence` gives the token of the lease under which this relay works."""
        self.topic, self._fence = topic, fence

    def oldest_pending(self) -> datetime | None:
        row = self._rows().find_one({"pending_at": {"$exists": True}}, {"pending_at": 1}, sort=[("pending_at", 1)])
        return row["pending_at"] if row else None

    def pending(self, after: datetime, before: datetime, limit: int) -> list[Outgoing]:
        rows = self._rows().find({"pending_at": {"$gte": after, "$lt": before}}).sort("pending_at", 1).limit(limit)
        return [self.outgoing(row) for row in rows]

    def pending_count(self) -> int:
        count: int = self._rows().count_documents({"pending_at": {"$exists": True}})
        return count

    def mark(self, sent: Sequence[Acknowledged], at: datetime, reached: Checkpoints) -> None:
        def work() -> None:
            if sent:
                self._mark_rows(sent, at)
            failpoints.hit("relay.in_mark", self.topic)
            self._save_state({f"checkpoints.{partition}": _stored(known) for partition, known in reached.items()})

        in_new_transaction(work)

    def epoch(self) -> int:
        state = connection.database()[RELAYS].find_one({"_id": self.topic}, {"epoch": 1})
        return state.get("epoch", 0) if state else 0

    def page_of(self, key: UUID | None, from_sequence: int, after: datetime | None, limit: int) -> Page:
        """One page of history: of one key from a sequence on, or of everything from a recording time on."""
        if key is not None:
            return Page([row["_id"] for row in self._rows().find({"key": key, "sequence": {"$gte": from_sequence}})])
        start, end = after or self._oldest_recorded(), clock.now()
        found: list[dict[str, Any]] = []
        width = timedelta(hours=1)
        while start is not None and start <= end and len(found) <= limit:
            window = {"recorded_at": {"$gte": start, "$lt": start + width}}
            found += self._rows().find(window, {"recorded_at": 1}).sort("recorded_at", 1).limit(limit + 1)
            start, width = start + width, min(width * 4, WIDEST)
        if len(found) <= limit:
            return Page([row["_id"] for row in found])
        last = found[limit - 1]["recorded_at"]
        same_moment = self._rows().find({"recorded_at": last}, {"_id": 1})
        rows = [row["_id"] for row in found if row["recorded_at"] < last] + [row["_id"] for row in same_moment]
        return Page(rows, last + timedelta(milliseconds=1))

    def send_again(self, rows: Sequence[UUID]) -> None:
        """Let the relay send these rows once more."""
        self._change(rows, {}, {"$set": {"pending_at": clock.now()}})

    def checkpoints(self) -> Checkpoints:
        state = connection.database()[RELAYS].find_one({"_id": self.topic}) or {}
        return {
            int(partition): [Checkpoint(row["offset"], row["event_id"], row["at"]) for row in rows]
            for partition, rows in state.get("checkpoints", {}).items()
        }

    def reopen(self, since: datetime | None) -> int:
        """In slices, since one transaction over a long history would never end in time; the checkpoints go last.

        A relay that dies in between finds the same loss again.
        """
        lost = {"published_at": {"$gte": since} if since else {"$exists": True}}
        again = [{"$set": {"pending_at": "$recorded_at"}}, {"$unset": "published_at"}]
        reopened = self._change((row["_id"] for row in self._rows().find(lost, {"_id": 1})), lost, again)
        in_new_transaction(lambda: self._save_state({"checkpoints": {}, "epoch": self.epoch() + 1}))
        return reopened

    def _change(self, rows: Iterable[UUID], which: dict[str, Any], change: Any) -> int:
        """Change these rows as far as they are still `which`; returns how many were."""
        remaining, changed = iter(rows), 0

        def work() -> int:
            return int(self._rows().update_many({"_id": {"$in": slice_}, **which}, change).modified_count)

        while slice_ := list(islice(remaining, SLICE)):
            changed += in_new_transaction(work)
        return changed

    def outgoing(self, row: dict[str, Any]) -> Outgoing:
        return outgoing_of(row)

    def _mark_rows(self, sent: Sequence[Acknowledged], at: datetime) -> None:
        published = {"$set": {"published_at": at}, "$unset": {"pending_at": ""}}
        self._rows().update_many({"_id": {"$in": [ack.record.event_id for ack in sent]}}, published)

    def _save_state(self, changes: dict[str, Any]) -> None:
        """Raise `Overtaken` when a relay with a newer lease has been here; its view of the topic is the true one."""
        relays, token = connection.database()[RELAYS], self._fence()
        state = relays.find_one({"_id": self.topic}, {"token": 1})
        if state and state.get("token", 0) > token:
            raise Overtaken(f"the lease of the relay of {self.topic} has passed on")
        relays.update_one({"_id": self.topic}, {"$set": {**changes, "token": token}}, upsert=True)

    def _oldest_recorded(self) -> datetime | None:
        row = self._rows().find_one({"recorded_at": {"$exists": True}}, sort=[("recorded_at", 1)])
        return row["recorded_at"] if row else None

    def _rows(self) -> Any:
        return connection.database()[self.collection]
