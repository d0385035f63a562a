"""Writes an event into the outbox, in the transaction of the state change that it tells of.

`(key, sequence)` is unique. What is still to be sent has a small row of its own in `pending`, under the same id, which goes
when the broker has acknowledged it (`shared.messaging.outbox.events`). Rows of events are never changed and kept for ever.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event, topic_of
from shared.domain.errors import BodyTooLarge
from shared.kernel import clock, ids
from shared.kernel.context import current_principal, current_trace
from shared.kernel.message import Message
from shared.kernel.trace import next_span
from shared.storage.indexes import index, unique
from shared.storage.write_batch import WriteBatch

COLLECTION = "outbox"
PENDING = "pending"

LARGEST_EVENT = 256 * 1024  # bytes; a larger one could stay in the outbox for ever, refused by the broker

COLLECTIONS = {
    COLLECTION: (unique("key", "sequence"), index("recorded_at"), index("correlation_id")),
    PENDING: (index("at"),),
}


def add(batch: WriteBatch, event: Event, *, aggregate_id: UUID, sequence: int) -> None:
    """Record an event with the running transaction, to be sent once it has committed."""
    row = row_of(event, aggregate_id=aggregate_id, sequence=sequence)
    batch.add(COLLECTION, row)
    batch.add(PENDING, {"_id": row["_id"], "at": row["recorded_at"]})


def row_of(event: Event, *, aggregate_id: UUID, sequence: int) -> dict[str, Any]:
    """Make the row of an event recorded now, by the current principal, as part of the current story."""
    principal, trace = current_principal(), current_trace()
    envelope = Envelope.around(
        event,
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
        raise ValueError(f"{type(event).__name__} is keyed by {envelope.key}, recorded by {aggregate_id}")
    if len(envelope.body) > LARGEST_EVENT:
        values = {"event": type(event).__name__, "bytes": len(envelope.body)}
        raise BodyTooLarge(Message("%(event)s has %(bytes)s bytes", values))
    return {
        "_id": envelope.id,
        "topic": topic_of(type(event)),
        "key": envelope.key,
        "sequence": sequence,
        "type": envelope.type,
        "source": envelope.source,
        "body": envelope.body.decode(),
        "recorded_at": envelope.time,
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
