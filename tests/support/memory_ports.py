"""The ports in memory: the same promises, checked by the same conformance suite, for rules and for the simulation.

Never used by a running service. A transaction works on a copy, so that a failing one leaves nothing behind.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from shared.contracts.wire.compacted import Said
from shared.contracts.wire.record import ANSWERS_HEADER, MOST_ANSWERS
from shared.kernel import clock
from shared.kernel.settings.current import settings
from shared.messaging.bookmarks import header_of
from shared.messaging.copies import received
from shared.messaging.cursors import Cursor
from shared.messaging.inbox.parked import asks_after_a_no
from shared.messaging.ports import (
    Acknowledged,
    Bounds,
    Checkpoints,
    Doubt,
    Gap,
    Headers,
    Heard,
    Incoming,
    NotSent,
    Outgoing,
    Parked,
)
from shared.messaging.seals import with_answer_seal

T = TypeVar("T")
Place = tuple[str, UUID | int, int, UUID | None]
END = datetime.max.replace(tzinfo=UTC)


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


@dataclass(slots=True)
class Stored:
    """What a transaction may change."""

    cursors: dict[tuple[str, UUID], Cursor] = field(default_factory=dict)
    parked: dict[Place, Parked] = field(default_factory=dict)
    discarded: dict[Place, str] = field(default_factory=dict)
    given_up: dict[Place, UUID | None] = field(default_factory=dict)
    ask_at: dict[Place, tuple[datetime, int]] = field(default_factory=dict)
    tried: dict[tuple[str, int, int], frozenset[object]] = field(default_factory=dict)
    parties: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    effects: list[object] = field(default_factory=list)

    def copied(self) -> Stored:
        """Enough of a copy: what is kept in here is replaced, never changed in place."""
        return Stored(
            dict(self.cursors),
            dict(self.parked),
            dict(self.discarded),
            dict(self.given_up),
            dict(self.ask_at),
            dict(self.tried),
            dict(self.parties),
            list(self.effects),
        )


class MemoryInbox:
    """`stored.effects` is for handlers under test: what they append is rolled back with the rest.

    A process that died and was started again is another `process` with the same `stored`.
    """

    def __init__(self) -> None:
        self.stored = Stored()
        self.process: object = 1

    def transaction(self, work: Callable[[], T]) -> T:
        before = self.stored.copied()
        try:
            return work()
        except BaseException:
            self.stored = before
            raise

    def begin(self, record: Incoming) -> int:
        place = (record.topic, record.partition, record.offset)
        self.stored.tried[place] = self.stored.tried.get(place, frozenset()) | {self.process}
        return len(self.stored.tried[place])

    def finish(self, record: Incoming) -> None:
        self.stored.tried.pop((record.topic, record.partition, record.offset), None)

    def cursors(self, topic_keys: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], Cursor]:
        return {pair: copy.copy(self.stored.cursors.get(pair, Cursor(*pair))) for pair in topic_keys}

    def save(self, cursors: Sequence[Cursor]) -> None:
        for cursor in cursors:
            self.stored.cursors[cursor.topic, cursor.key] = copy.copy(cursor)

    def park(self, parked: Parked) -> bool:
        place = self._place(parked)
        is_given_up = place in self.stored.discarded
        if place in self.stored.parked or (is_given_up and self.stored.given_up[place] == parked.event_id):
            return False
        self.stored.parked[place] = parked
        if parked.reason == "gap" or parked.failure == "diverged":
            self.stored.ask_at[place] = parked.parked_at, 0
        return True

    def parked_at(self, topic: str, key: UUID, sequence: int) -> Parked | None:
        return self.stored.parked.get((topic, key, sequence, None))

    def beside(self, topic: str, key: UUID, sequence: int | None = None) -> list[Parked]:
        aside = [p for p in self.stored.parked.values() if p.aside and (p.record.topic, p.key) == (topic, key)]
        return [parked for parked in aside if sequence in (None, parked.sequence)]

    def release(self, parked: Parked) -> None:
        self.stored.parked.pop(self._place(parked), None)

    def due(self, now: datetime, woken_by: str | None = None) -> list[Parked]:
        waiting = [parked for parked in self.stored.parked.values() if parked.reason == "waiting"]
        if woken_by is not None:
            return [parked for parked in waiting if parked.waiting_for == woken_by]
        due = [parked for parked in waiting if parked.next_try_at and parked.next_try_at <= now]
        return sorted(due, key=lambda parked: (str(parked.key), parked.sequence))

    def postpone(self, parked: Parked) -> None:
        place = self._place(parked)
        if place in self.stored.parked:
            self.stored.parked[place] = parked
            if parked.reason != "gap" and parked.failure != "diverged":
                self.stored.ask_at.pop(place, None)

    def failed(self) -> list[Parked]:
        return [parked for parked in self.stored.parked.values() if parked.reason == "failed"]

    def missing(self, before: datetime) -> list[Gap]:
        found: dict[tuple[str, UUID], Gap] = {}
        for place, parked in self.stored.parked.items():
            ask_at, asks = self.stored.ask_at.get(place, (before, 0))
            if parked.key is None or ask_at >= before:
                continue
            asks += 1
            parked.asks = asks
            later = before + timedelta(seconds=settings().gap_seconds * 2**asks)
            self.stored.ask_at[place] = (later if asks < settings().gap_asks else END, asks)
            cursor = self.cursors([(parked.record.topic, parked.key)])[parked.record.topic, parked.key]
            if cursor.doubt:
                found[cursor.topic, cursor.key] = Gap(cursor.topic, cursor.key, 1, cursor.doubt)
            elif not self.parked_at(cursor.topic, cursor.key, cursor.sequence + 1):
                found[cursor.topic, cursor.key] = Gap(cursor.topic, cursor.key, cursor.sequence + 1)
        return list(found.values())

    def note_unknown(self, topic: str, keys: Collection[UUID], now: datetime) -> None:
        for place, (_, asks) in self.stored.ask_at.items():
            parked = self.stored.parked.get(place)
            if parked and parked.key in keys and parked.record.topic == topic and asks < settings().gap_asks:
                parked.asks = asks_after_a_no(asks, settings().gap_asks)
                later = now + timedelta(seconds=settings().gap_seconds * (2**parked.asks - 1))
                self.stored.ask_at[place] = (later, parked.asks)

    def ask_anew(self, parked: Parked) -> None:
        self.stored.ask_at[self._place(parked)] = parked.parked_at, 0

    def discard(self, parked: Parked, why: str, at: datetime) -> None:
        del at
        self.stored.discarded[self._place(parked)] = why
        self.stored.given_up[self._place(parked)] = parked.event_id
        self.stored.parked.pop(self._place(parked), None)

    def keep_copy(self, said: Said, heard: Heard) -> bool:
        row = self.stored.parties.get(said.key, {})
        self.stored.parties[said.key], is_news = received(row, "group", said, heard, clock.now())
        return is_news

    def claim_doubts(self, topics: Collection[str], now: datetime, most: int) -> list[Doubt]:
        rows = self.stored.parties
        due = [
            key for key, row in rows.items() if "doubt" in row and row["ask_at"] <= now and row["doubted_on"] in topics
        ]
        for key in due[:most]:
            rows[key] = {**rows[key], "ask_at": now + timedelta(seconds=settings().confirm_seconds)}
        return [Doubt(rows[key]["doubt"], rows[key]["doubted_on"], key) for key in due[:most]]

    def _place(self, parked: Parked) -> Place:
        aside = parked.event_id if parked.aside else None
        return (parked.record.topic, parked.key or parked.record.partition, parked.sequence, aside)
