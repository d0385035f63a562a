"""From the outbox to the topic: at least once, each key in the order of its sequence, nothing lost with the broker.

A step reads the oldest pending rows, sends each key's lowest sequence first and marks what the broker acknowledged, up to
the first failure of each key. It guards its own topic: at the start, every few seconds, after any failed send, and when an
acknowledged offset does not follow the one remembered, it compares the log with its checkpoints before it sends anything
new. (Resends put records between its own, so an offset that only rises proves nothing.) An offset below the log's start
is retention. A log that ends before the newest checkpoint, or holds another event there, has lost records: everything
recorded since the oldest of what was sent behind the newest checkpoint that the log still holds, with a margin, becomes
pending again; where it holds none, everything does.
Sending again begins a new epoch of the log, which every record carries (`bookmarks`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel import failpoints
from shared.kernel.clock import BEGINNING
from shared.messaging.bookmarks import epoch_headers
from shared.messaging.ports import Acknowledged, Bounds, Checkpoint, Checkpoints, Log, NotSent, Outbox, Outgoing

NARROWEST = timedelta(milliseconds=50)
WIDEST = timedelta(days=3650)
DENSE = 8  # newest checkpoints kept one by one; older ones at growing distances
SPREAD = 1.5


@dataclass(frozen=True, slots=True)
class RelayPolicy:
    batch: int
    window: timedelta
    overlap: timedelta
    margin: timedelta
    guard_every: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """The result of one step."""

    published: int = 0
    failed: int = 0
    reopened: int = 0
    caught_up: bool = False


class Relay:
    """A step function over ports; whoever drives it holds the lease."""

    def __init__(self, outbox: Outbox, log: Log, policy: RelayPolicy, now: Callable[[], datetime]) -> None:
        self._outbox, self._log, self._policy, self._now = outbox, log, policy, now
        self._checkpoints: Checkpoints = {}
        self._low = BEGINNING
        self._look_back_at = BEGINNING
        self._guard_at = self._stepped_at = BEGINNING
        self._width = policy.window
        self._suspect = True
        self._epoch = 0

    def step(self) -> Step:
        now = self._now()
        clock_went_back = now < self._stepped_at
        self._stepped_at = now
        reopened = self._guard(now) if self._suspect or clock_went_back or now >= self._guard_at else 0
        before = min(self._low + self._width, max(now, self._low) + self._policy.overlap)
        rows = self._outbox.pending(self._low - self._policy.overlap, before, self._policy.batch)
        if not rows:
            self._advance(before, now)
            return Step(reopened=reopened, caught_up=self._low >= now)
        failpoints.hit("relay.after_read", self._outbox.topic)
        stamped = [stamp(row, self._epoch) for row in in_key_order(rows)]
        failpoints.hit("relay.before_publish", self._outbox.topic)
        sent = acknowledged_prefix(self._log.publish(stamped))
        failpoints.hit("relay.after_publish", self._outbox.topic)
        self._suspect = len(sent) < len(rows)
        if self._has_jumped(sent):
            reopened += self._compare()  # before these acknowledgements hide what was lost below them
        if sent:
            failpoints.hit("relay.before_mark", self._outbox.topic)
            self._outbox.mark(sent, self._add_checkpoints(reached(sent, self._now())))
            failpoints.hit("relay.after_mark", self._outbox.topic)
        if len(rows) == self._policy.batch:
            self._width = max(self._width / 2, NARROWEST)
        return Step(published=len(sent), failed=len(rows) - len(sent), reopened=reopened)

    def doubt(self) -> None:
        """Compare with the store and the log before the next send: another relay may have been at work."""
        self._suspect = True

    def _advance(self, before: datetime, now: datetime) -> None:
        """Move on, faster while far behind: nothing is pending up to `before`."""
        self._low = min(before, now)
        if self._low >= now >= self._look_back_at:
            # a commit later than the overlap, or of a clock that is ahead, must not wait for the next start
            self._low = self._outbox.oldest_pending() or now
            self._look_back_at = now + self._policy.overlap
        self._width = self._policy.window if self._low >= now else min(self._width * 4, WIDEST)

    def _has_jumped(self, sent: Sequence[Acknowledged]) -> bool:
        """Return whether an offset does not follow the last one of its partition: the log was cut, or somebody else wrote."""
        last = {
            partition: checkpoints[-1].offset for partition, checkpoints in self._checkpoints.items() if checkpoints
        }
        jumped = False
        for ack in sent:
            jumped = jumped or (ack.partition in last and ack.offset != last[ack.partition] + 1)
            last[ack.partition] = ack.offset
        return jumped

    def _add_checkpoints(self, reached: dict[int, Checkpoint]) -> Checkpoints:
        """Add the new checkpoints to those of their partitions; return all of these partitions."""
        for partition, checkpoint in reached.items():
            self._checkpoints[partition] = thinned([*self._checkpoints.get(partition, []), checkpoint])
        return {partition: self._checkpoints[partition] for partition in reached}

    def _guard(self, now: datetime) -> int:
        """Compare what the store says was acknowledged with the log, and start reading at the oldest pending row."""
        self._checkpoints = self._outbox.checkpoints()
        self._epoch = self._outbox.epoch()
        reopened = self._compare()
        self._low = self._outbox.oldest_pending() or self._now()
        self._width = self._policy.window
        self._suspect = False
        self._look_back_at = BEGINNING
        self._guard_at = now + self._policy.guard_every
        return reopened

    def _compare(self) -> int:
        """Make pending again what the log may have lost; returns how many rows."""
        bounds = self._log.bounds(self._outbox.topic, self._checkpoints.keys())
        lost = [
            partition
            for partition, checkpoints in self._checkpoints.items()
            if checkpoints and not self._holds(partition, checkpoints[-1], bounds, below_start=True)
        ]
        if not lost:
            return 0
        reopened = self._outbox.reopen(self._intact_until(lost, bounds))
        self._checkpoints = {}
        self._epoch = self._outbox.epoch()
        self._low = self._outbox.oldest_pending() or self._now()
        return reopened

    def _holds(self, partition: int, checkpoint: Checkpoint, bounds: dict[int, Bounds], *, below_start: bool) -> bool:
        """Return whether the log holds a checkpoint's event; `below_start` is the answer for one that retention has passed."""
        log_bounds = bounds.get(partition)
        if log_bounds is None or checkpoint.offset >= log_bounds.end:
            return False
        if checkpoint.offset < log_bounds.start:
            return below_start
        event_id = self._log.event_at(self._outbox.topic, partition, checkpoint.offset)
        return event_id == checkpoint.event_id

    def _intact_until(self, lost: Sequence[int], bounds: dict[int, Bounds]) -> datetime | None:
        """Return since when what was recorded may be missing; None when nothing proves that any of it is there."""
        oldest: list[datetime] = []
        for partition in lost:
            gone = []
            for checkpoint in reversed(self._checkpoints[partition]):
                if self._holds(partition, checkpoint, bounds, below_start=False):
                    break
                gone.append(checkpoint)
            else:
                return None
            oldest += [checkpoint.oldest for checkpoint in gone]
        return min(oldest) - self._policy.margin


def reached(sent: Sequence[Acknowledged], at: datetime) -> dict[int, Checkpoint]:
    """Return the checkpoint of each partition behind what was put into it."""
    checkpoints: dict[int, Checkpoint] = {}
    for ack in sent:
        before = checkpoints.get(ack.partition)
        oldest = min(ack.record.recorded_at, before.oldest) if before else ack.record.recorded_at
        checkpoints[ack.partition] = Checkpoint(ack.offset, ack.record.event_id, at, oldest)
    return checkpoints


def thinned(known: Sequence[Checkpoint]) -> list[Checkpoint]:
    """Keep the newest checkpoints, and of the older ones those at growing distances: enough to find how far a log is intact.

    The next newer one answers for what one that is dropped had found oldest.
    """
    newest = known[-1].at
    kept, distance = list(known[-DENSE:]), timedelta(0)
    for checkpoint in reversed(known[:-DENSE]):
        if newest - checkpoint.at >= distance:
            kept.insert(0, checkpoint)
            distance = (newest - checkpoint.at) * SPREAD
        else:
            kept[0] = replace(kept[0], oldest=min(kept[0].oldest, checkpoint.oldest))
    return kept


def stamp(record: Outgoing, epoch: int) -> Outgoing:
    """Let a record say in which epoch of the log it was sent."""
    return replace(record, headers=[*record.headers, *epoch_headers(record.topic, epoch)])


def in_key_order(rows: Sequence[Outgoing]) -> list[Outgoing]:
    """Sort oldest first, and within each key the lowest sequence first."""
    queues: dict[UUID, list[Outgoing]] = {}
    for row in rows:
        queues.setdefault(row.key, []).append(row)
    for queue in queues.values():
        queue.sort(key=lambda row: row.sequence, reverse=True)
    return [queues[row.key].pop() for row in rows]


def acknowledged_prefix(results: Sequence[Acknowledged | NotSent]) -> list[Acknowledged]:
    """Return, per key, what was acknowledged before its first failure."""
    broken: set[UUID] = set()
    sent = []
    for result in results:
        if isinstance(result, NotSent):
            broken.add(result.record.key)
        elif result.record.key not in broken:
            sent.append(result)
    return sent
