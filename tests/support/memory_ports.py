"""The ports in memory: the same promises, checked by the same conformance suite, for rules and for the simulation.

Never used by a running service. A transaction works on a copy, so that a failing one leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from shared.contracts.wire.record import ANSWERS_HEADER, MOST_ANSWERS
from shared.messaging.bookmarks import header_of
from shared.messaging.ports import (
    Acknowledged,
    Bounds,
    Checkpoints,
    Headers,
    Incoming,
    NotSent,
    Outgoing,
)
from shared.messaging.seals import with_answer_seal

T = TypeVar("T")


@dataclass(slots=True)
class OutboxRow:
    record: Outgoing
    pending_at: datetime | None
    answers: list[UUID] = field(default_factory=list)

    @property
    def pending(self) -> bool:
        return self.pending_at is not None


class MemoryOutbox:
    def __init__(self, topic: str) -> None:
        self.topic = topic
        self.rows: dict[UUID, OutboxRow] = {}
        self._checkpoints: Checkpoints = {}
        self._epoch = 0

    def add(self, record: Outgoing) -> None:
        self.rows[record.event_id] = OutboxRow(record, record.recorded_at)

    def oldest_pending(self) -> datetime | None:
        return min((row.pending_at for row in self.rows.values() if row.pending_at), default=None)

    def pending(self, after: datetime, before: datetime, limit: int) -> list[Outgoing]:
        found = [
            (row.pending_at, _answering(row))
            for row in self.rows.values()
            if row.pending_at and after <= row.pending_at < before
        ]
        return [record for _, record in sorted(found, key=lambda pair: pair[0])][:limit]

    def mark(self, sent: Sequence[Acknowledged], reached: Checkpoints) -> None:
        for acknowledged in sent:
            row = self.rows[acknowledged.record.event_id]
            row.pending_at, row.answers = None, []
        self._checkpoints.update(_copied(reached))

    def epoch(self) -> int:
        return self._epoch

    def checkpoints(self) -> Checkpoints:
        return _copied(self._checkpoints)

    def send_again(self, rows: Sequence[UUID], now: datetime, answering: UUID | None = None) -> None:
        """Let the relay send these rows once more, and say which request they answer."""
        for event_id in rows:
            row = self.rows[event_id]
            row.pending_at = row.pending_at or now
            row.answers = [*row.answers, answering][-MOST_ANSWERS:] if answering else row.answers

    def reopen(self, since: datetime | None) -> int:
        lost = [
            row for row in self.rows.values() if not row.pending and (since is None or row.record.recorded_at >= since)
        ]
        for row in lost:
            row.pending_at = row.record.recorded_at
        self._checkpoints = {}
        self._epoch += 1
        return len(lost)


def _answering(row: OutboxRow) -> Outgoing:
    if not row.answers:
        return row.record
    said = row.record
    headers = [*said.headers, (ANSWERS_HEADER, ",".join(map(str, row.answers)).encode())]
    return replace(said, headers=with_answer_seal(said.topic, str(said.key).encode(), said.value, headers))


def _copied(checkpoints: Checkpoints) -> Checkpoints:
    return {partition: list(known) for partition, known in checkpoints.items()}


class MemoryLog:
    """A topic's partitions as lists. `fail` makes sends of chosen keys fail; `truncate` and `wipe` lose records."""

    def __init__(self, partitions: int = 1) -> None:
        self.partitions: dict[str, list[list[Incoming]]] = {}
        self.starts: dict[tuple[str, int], int] = {}
        self.fail: set[UUID] = set()
        self._count = partitions

    def publish(self, records: Sequence[Outgoing]) -> list[Acknowledged | NotSent]:
        return [self._append(record) for record in records]

    def bounds(self, topic: str, expected: Collection[int] = ()) -> dict[int, Bounds]:
        del expected  # nothing here is out of date
        starts = [self.starts.get((topic, number), 0) for number in range(self._count)]
        return {
            number: Bounds(starts[number], starts[number] + len(partition))
            for number, partition in enumerate(self._topic(topic))
        }

    def event_at(self, topic: str, partition: int, offset: int) -> UUID | None:
        record = self.record_at(topic, partition, offset)
        event_id = header_of(record, "ce_id") if record else ""
        return UUID(event_id) if event_id else None

    def record_at(self, topic: str, partition: int, offset: int) -> Incoming | None:
        place = offset - self.starts.get((topic, partition), 0)
        kept = self._topic(topic)[partition]
        return kept[place] if 0 <= place < len(kept) else None

    def records(self, topic: str) -> list[Incoming]:
        return [record for partition in self._topic(topic) for record in partition]

    def truncate(self, topic: str, keep: int) -> None:
        """The broker forgets everything behind its first `keep` records of each partition."""
        for partition in self._topic(topic):
            del partition[keep:]

    def retain(self, topic: str, newest: int) -> None:
        """Retention drops the oldest records of each partition; offsets go on."""
        for number, partition in enumerate(self._topic(topic)):
            dropped = max(0, len(partition) - newest)
            self.starts[topic, number] = self.starts.get((topic, number), 0) + dropped
            del partition[:dropped]

    def _append(self, record: Outgoing) -> Acknowledged | NotSent:
        if record.key in self.fail:
            return NotSent(record, "told to fail")
        number = record.key.int % self._count
        offset = self.append(record.topic, number, str(record.key).encode(), list(record.headers), record.value)
        return Acknowledged(record, number, offset)

    def append(self, topic: str, number: int, key: bytes | None, headers: Headers, value: bytes | None) -> int:
        """Put a record, of whatever kind, at the end of a partition; returns its offset."""
        partition = self._topic(topic)[number]
        offset = self.starts.get((topic, number), 0) + len(partition)
        partition.append(Incoming(topic, number, offset, key, headers, value))
        return offset

    def _topic(self, topic: str) -> list[list[Incoming]]:
        return self.partitions.setdefault(topic, [[] for _ in range(self._count)])
