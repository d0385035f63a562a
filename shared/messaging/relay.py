"""From the outbox to the topic: at least once, each key in the order of its sequence, nothing lost with the broker.

A step reads the oldest pending rows, sends each key's lowest sequence first and marks what the broker acknowledged, up to
the first failure of each key. It guards its own topic: at the start, after any failed send, and when an acknowledged
offset is not above the one remembered, it compares the log with its positions before it sends anything new. An offset
below the log's start is retention. A log that ends before a remembered offset, or holds another event there, has lost
records: everything published since the last survivor, with a margin, becomes pending again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.messaging.ports import Acknowledged, Bounds, Log, NotSent, Outbox, Outgoing, Position

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
NARROWEST = timedelta(milliseconds=50)


@dataclass(frozen=True, slots=True)
class RelayPolicy:
    batch: int
    window: timedelta
    overlap: timedelta
    margin: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did."""

    published: int = 0
    failed: int = 0
    reopened: int = 0
    caught_up: bool = False


class Relay:
    """A step function over ports; whoever drives it holds the lease."""

    def __init__(self, outbox: Outbox, log: Log, policy: RelayPolicy, now: Callable[[], datetime]) -> None:
        self._outbox, self._log, self._policy, self._now = outbox, log, policy, now
        self._positions: dict[int, Position] = {}
        self._low = BEGINNING
        self._width = policy.window
        self._suspect = True

    def step(self) -> Step:
        reopened = self._guard() if self._suspect else 0
        now = self._now()
        before = min(self._low + self._width, now + self._policy.overlap)
        rows = self._outbox.pending(self._low - self._policy.overlap, before, self._policy.batch)
        if not rows:
            self._advance(before, now)
            return Step(reopened=reopened, caught_up=self._low >= now)
        results = self._log.publish(in_key_order(rows))
        sent = acknowledged_prefix(results)
        self._suspect = len(sent) < len(rows) or self._went_back(sent)
        self._remember(sent)
        if sent:
            self._outbox.mark(sent, self._now(), self._positions)
        if len(rows) == self._policy.batch:
            self._width = max(self._width / 2, NARROWEST)
        return Step(published=len(sent), failed=len(rows) - len(sent), reopened=reopened)

    def _advance(self, before: datetime, now: datetime) -> None:
        """Nothing is pending up to `before`: move on, faster while far behind."""
        self._low = min(before, now)
        self._width = self._policy.window if self._low >= now else min(self._width * 4, timedelta(days=3650))

    def _went_back(self, sent: Sequence[Acknowledged]) -> bool:
        return any(
            ack.partition in self._positions and ack.offset <= self._positions[ack.partition].offset for ack in sent
        )

    def _remember(self, sent: Sequence[Acknowledged]) -> None:
        if self._suspect:
            return  # the guard compares with what was true before
        for ack in sent:
            self._positions[ack.partition] = Position(ack.offset, ack.record.event_id)

    def _guard(self) -> int:
        self._positions = self._outbox.positions()
        reopened = 0
        bounds = self._log.bounds(self._outbox.topic)
        lost = [
            partition for partition, position in self._positions.items() if self._is_lost(partition, position, bounds)
        ]
        if lost:
            reopened = self._outbox.reopen(self._last_survivor(lost, bounds))
            self._positions = {}
        self._low = self._outbox.oldest_pending() or self._now()
        self._width = self._policy.window
        self._suspect = False
        return reopened

    def _is_lost(self, partition: int, position: Position, bounds: dict[int, Bounds]) -> bool:
        kept = bounds.get(partition)
        start, end = (kept.start, kept.end) if kept else (0, 0)
        if position.offset >= end:
            return True
        if position.offset < start:
            return False
        found = self._log.event_at(self._outbox.topic, partition, position.offset)
        return found is not None and found != position.event_id

    def _last_survivor(self, partitions: Sequence[int], bounds: dict[int, Bounds]) -> datetime | None:
        """When the newest record still in the log was published; None when that cannot be told."""
        moments = []
        for partition in partitions:
            kept = bounds.get(partition)
            if kept is None or kept.end <= kept.start:
                return None
            survivor = self._log.event_at(self._outbox.topic, partition, kept.end - 1)
            published = self._outbox.published_at(survivor) if survivor else None
            if published is None:
                return None
            moments.append(published)
        return min(moments) - self._policy.margin


def in_key_order(rows: Sequence[Outgoing]) -> list[Outgoing]:
    """Oldest first, and within each key the lowest sequence first."""
    queues: dict[UUID, list[Outgoing]] = {}
    for row in rows:
        queues.setdefault(row.key, []).append(row)
    for queue in queues.values():
        queue.sort(key=lambda row: row.sequence, reverse=True)
    return [queues[row.key].pop() for row in rows]


def acknowledged_prefix(results: Sequence[Acknowledged | NotSent]) -> list[Acknowledged]:
    """Per key, what was acknowledged before its first failure."""
    broken: set[UUID] = set()
    sent = []
    for result in results:
        if isinstance(result, NotSent):
            broken.add(result.record.key)
        elif result.record.key not in broken:
            sent.append(result)
    return sent
