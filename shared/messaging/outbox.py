"""The outbox of facts: written in the transaction of the state change, kept for ever.

`(key, sequence)` is unique. `pending_at` is present only until the broker has acknowledged the row; its sparse index makes
the relay's reads cost what is pending, whatever the history. The relay's checkpoints per partition live
beside it, so that a broker's loss is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.event import Fact, topic_of
from shared.messaging.ports import Acknowledged, Checkpoint, Checkpoints, Outgoing
from shared.runtime import clock, ids
from shared.runtime.context import current_principal, current_trace, next_span
from shared.storage import connection
from shared.storage.indexes import index, unique
from shared.storage.transaction import in_new_transaction

COLLECTION = "outbox"
RELAYS = "relays"
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


def oldest_recorded() -> datetime | None:
    """When the first fact of this service was recorded; reads once through the index, so ask rarely."""
    row = connection.database()[COLLECTION].find_one({"recorded_at": {"$exists": True}}, sort=[("recorded_at", 1)])
    return row["recorded_at"] if row else None


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
            self._save_state({f"checkpoints.{partition}": _stored(known) for partition, known in reached.items()})

        in_new_transaction(work)

    def checkpoints(self) -> Checkpoints:
        state = connection.database()[RELAYS].find_one({"_id": self.topic}) or {}
        return {
            int(partition): [Checkpoint(row["offset"], row["event_id"], row["at"]) for row in rows]
            for partition, rows in state.get("checkpoints", {}).items()
        }

    def reopen(self, since: datetime | None) -> int:
        lost = {"published_at": {"$gte": since}} if since else {"published_at": {"$exists": True}}
        again = [{"$set": {"pending_at": "$recorded_at"}}, {"$unset": "published_at"}]

        def work() -> int:
            reopened: int = self._rows().update_many(lost, again).modified_count
            self._save_state({"checkpoints": {}})
            return reopened

        return in_new_transaction(work)

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

    def _rows(self) -> Any:
        return connection.database()[self.collection]
