"""The relay over the memory ports: order, prefix, windows, and what it does about a broker that forgets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from shared.messaging.memory import MemoryLog, MemoryOutbox
from shared.messaging.ports import Acknowledged, Incoming, NotSent, Outgoing
from shared.messaging.relay import Relay, RelayPolicy, Step, in_key_order, stamp
from tests.unit.messaging.ground import KEYS, START, TOPIC, Clock, outgoing

A, B, C = KEYS[:3]
POLICY = RelayPolicy(
    batch=10,
    window=timedelta(seconds=60),
    overlap=timedelta(seconds=15),
    margin=timedelta(seconds=60),
    guard_every=timedelta(seconds=10),
)


class Ground:
    def __init__(self, partitions: int = 1, policy: RelayPolicy = POLICY) -> None:
        self.clock, self.outbox, self.log = Clock(), MemoryOutbox(TOPIC), MemoryLog(partitions)
        self.policy = policy
        self.restart()

    def restart(self) -> None:
        self.relay = Relay(self.outbox, self.log, self.policy, self.clock)

    def record(self, key: UUID, *sequences: int, seconds_ago: float = 0.0) -> None:
        for sequence in sequences:
            self.outbox.add(outgoing(key, sequence, self.clock.now - timedelta(seconds=seconds_ago)))

    def run(self, most: int = 60) -> list[Step]:
        """Step until caught up."""
        steps = []
        for _ in range(most):
            steps.append(self.relay.step())
            if steps[-1].caught_up:
                return steps
        raise AssertionError(f"not caught up after {most} steps")

    def pending(self) -> int:
        return sum(row.pending for row in self.outbox.rows.values())

    def sent(self, partition: int | None = None) -> list[tuple[UUID, int]]:
        found = self.log.records(TOPIC) if partition is None else self.log.partitions[TOPIC][partition]
        return [place_of(record) for record in found]

    def holds(self) -> set[tuple[UUID, int]]:
        return set(self.sent())


def place_of(record: Incoming) -> tuple[UUID, int]:
    headers = dict(record.headers)
    return UUID(headers["ce_subject"].decode()), int(headers["ce_sequence"])


@pytest.fixture
def ground() -> Ground:
    return Ground()


def first_copies(places: list[tuple[UUID, int]], key: UUID) -> list[int]:
    return list(dict.fromkeys(sequence for k, sequence in places if k == key))


def test_each_key_goes_out_in_the_order_of_its_sequence(ground: Ground) -> None:
    for key, sequence, ago in ((A, 2, 3), (B, 1, 2), (A, 1, 1), (B, 3, 0.5), (B, 2, 0)):
        ground.record(key, sequence, seconds_ago=ago)
    ground.run()
    assert ground.sent() == [(A, 1), (B, 1), (A, 2), (B, 2), (B, 3)]
    assert ground.pending() == 0


def test_of_a_key_that_fails_only_the_prefix_is_marked(ground: Ground) -> None:
    ground.record(A, 1, 2, 3)
    ground.record(B, 1, 2)
    publish = ground.log.publish

    def fail_second_of_a(records):
        results = publish(records)
        return [NotSent(r.record, "lost") if (r.record.key, r.record.sequence) == (A, 2) else r for r in results]

    ground.log.publish = fail_second_of_a  # type: ignore[method-assign]
    step = ground.relay.step()
    assert (step.published, step.failed) == (3, 2)
    assert {(row.record.key, row.record.sequence) for row in ground.outbox.rows.values() if row.pending} == {
        (A, 2),
        (A, 3),
    }
    ground.log.publish = publish  # type: ignore[method-assign]
    ground.run()
    assert first_copies(ground.sent(), A) == [1, 2, 3]
    assert ground.pending() == 0


def test_a_failing_key_stops_no_other(ground: Ground) -> None:
    ground.log.fail = {A}
    ground.record(A, 1)
    ground.record(B, 1)
    ground.relay.step()
    ground.record(C, 1)
    ground.relay.step()
    assert ground.holds() == {(B, 1), (C, 1)}
    ground.log.fail = set()
    ground.run()
    assert ground.pending() == 0


def test_nothing_is_marked_that_was_not_acknowledged(ground: Ground) -> None:
    ground.record(A, 1)
    ground.log.publish = lambda records: [NotSent(record, "no answer") for record in records]  # type: ignore[method-assign]
    for _ in range(3):
        assert ground.relay.step().failed == 1
    assert ground.pending() == 1


def test_a_relay_that_dies_between_send_and_mark_sends_again(ground: Ground) -> None:
    ground.record(A, 1, 2)

    def die(*_):
        raise KeyboardInterrupt

    mark, ground.outbox.mark = ground.outbox.mark, die  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        ground.relay.step()
    ground.outbox.mark = mark  # type: ignore[method-assign]
    ground.restart()
    ground.run()
    assert ground.sent() == [(A, 1), (A, 2)] * 2
    assert ground.pending() == 0


def test_a_backlog_of_months_is_walked_from_its_oldest_row(ground: Ground) -> None:
    for days in (90, 40, 40, 3, 0):
        ground.record(UUID(int=1000 + len(ground.outbox.rows)), 1, seconds_ago=days * 86400)
    ground.run()
    assert ground.pending() == 0


def test_a_dense_backlog_larger_than_a_batch_goes_out_whole(ground: Ground) -> None:
    for number in range(95):
        ground.record(UUID(int=2000 + number), 1, seconds_ago=50)
    ground.run()
    assert ground.pending() == 0
    assert len(ground.sent()) == 95


def test_a_commit_that_comes_late_is_found_in_the_overlap(ground: Ground) -> None:
    ground.run()
    ground.clock.pass_(5)
    ground.run()
    ground.record(A, 1, seconds_ago=10)
    ground.relay.step()
    assert ground.sent() == [(A, 1)]


def test_a_commit_later_than_the_overlap_is_found_soon() -> None:
    ground = Ground(policy=replace(POLICY, guard_every=timedelta(days=1)))
    ground.run()
    ground.clock.pass_(100)
    ground.run()
    ground.record(A, 1, seconds_ago=90)
    for _ in range(3):
        ground.clock.pass_(10)
        ground.run()
    assert ground.sent() == [(A, 1)]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_jumps_delays_nothing_for_long(hours: int) -> None:
    ground = Ground(policy=replace(POLICY, guard_every=timedelta(days=1)))
    ground.run()
    ground.record(A, 1)
    ground.run()
    ground.clock.pass_(hours * 3600)
    ground.outbox.add(outgoing(A, 2, ground.clock.now - timedelta(hours=hours)))
    ground.record(B, 1)
    for _ in range(4):
        ground.clock.pass_(10)
        ground.run()
    assert ground.pending() == 0


def test_an_idle_relay_asks_for_a_narrow_window_only(ground: Ground) -> None:
    ground.run()
    asked = []
    pending = ground.outbox.pending
    ground.outbox.pending = lambda after, before, limit: asked.append(before - after) or pending(after, before, limit)  # type: ignore[method-assign]
    for _ in range(50):
        ground.clock.pass_(1)
        ground.run()
    assert max(asked) <= timedelta(seconds=100)


# What the broker forgets.


def test_a_cut_log_is_noticed_at_the_start_and_only_the_tail_goes_out_again(ground: Ground) -> None:
    publish_every(ground, seconds=120, count=20)
    ground.log.truncate(TOPIC, keep=12)
    ground.restart()
    steps = ground.run()
    assert ground.holds() == {(key_of(n), 1) for n in range(20)}
    assert 8 <= sum(step.reopened for step in steps) <= 14, "the lost ones and a margin, not the history"


def test_a_cut_log_is_noticed_while_nothing_is_sent(ground: Ground) -> None:
    publish_every(ground, seconds=1, count=5)
    ground.log.truncate(TOPIC, keep=2)
    ground.clock.pass_(11)
    ground.run()
    assert ground.holds() == {(key_of(n), 1) for n in range(5)}


def test_a_cut_log_is_noticed_by_the_next_acknowledgement(ground: Ground) -> None:
    publish_every(ground, seconds=1, count=5)
    ground.log.truncate(TOPIC, keep=2)
    ground.record(C, 1)
    ground.run()
    assert ground.holds() == {(key_of(n), 1) for n in range(5)} | {(C, 1)}


def test_a_log_that_grew_past_the_place_of_a_loss_is_noticed(ground: Ground) -> None:
    publish_every(ground, seconds=300, count=6)
    ground.log.truncate(TOPIC, keep=2)
    for number in range(10):  # another relay, which died before it marked anything
        ground.record(UUID(int=9000 + number), 1)
        ground.log.publish([outgoing(UUID(int=9000 + number), 1, ground.clock.now)])
    ground.restart()
    ground.run()
    assert {(key_of(n), 1) for n in range(6)} <= ground.holds()


def test_acknowledgements_before_a_failure_are_compared_too(ground: Ground) -> None:
    """The broker takes a batch, forgets its end while it restarts, and refuses the rest of the batch."""
    publish_every(ground, seconds=1, count=3)
    publish = ground.log.publish
    ground.record(A, 1, 2)
    ground.record(B, 1)

    def restart_in_between(records: list[Outgoing]) -> list[Acknowledged | NotSent]:
        results = publish(records[:-1])
        ground.log.truncate(TOPIC, keep=4)
        return [*results, NotSent(records[-1], "broker away")]

    ground.log.publish = restart_in_between  # type: ignore[method-assign]
    ground.relay.step()
    ground.log.publish = publish  # type: ignore[method-assign]
    ground.run()
    assert {(A, 1), (A, 2), (B, 1)} <= ground.holds()


@pytest.mark.parametrize("noticed_by", ["start", "acknowledgement"])
def test_a_wiped_log_is_filled_again_from_the_outbox(ground: Ground, noticed_by: str) -> None:
    publish_every(ground, seconds=600, count=12)
    ground.log.truncate(TOPIC, keep=0)
    if noticed_by == "start":
        ground.restart()
    ground.record(C, 1)
    ground.run()
    assert ground.holds() == {(key_of(n), 1) for n in range(12)} | {(C, 1)}


def test_retention_is_no_loss(ground: Ground) -> None:
    publish_every(ground, seconds=1, count=10)
    ground.log.retain(TOPIC, newest=0)
    ground.restart()
    assert sum(step.reopened for step in ground.run()) == 0
    ground.record(C, 1)
    ground.run()
    assert ground.sent() == [(C, 1)]


def test_a_loss_in_one_partition_is_noticed_beside_whole_ones() -> None:
    ground = Ground(partitions=3)
    publish_every(ground, seconds=1, count=9)
    del ground.log.partitions[TOPIC][1][1:]
    ground.restart()
    ground.run()
    assert ground.holds() == {(key_of(n), 1) for n in range(9)}


def test_sending_again_begins_an_epoch_that_records_carry(ground: Ground) -> None:
    publish_every(ground, seconds=1, count=3)
    ground.log.truncate(TOPIC, keep=1)
    ground.restart()
    ground.run()
    epochs = [dict(record.headers)["scoreepoch"] for record in ground.log.records(TOPIC)]
    assert epochs == [b"0", *[b"1"] * (len(epochs) - 1)]


def test_a_relay_that_takes_the_lease_back_looks_before_it_sends(ground: Ground) -> None:
    publish_every(ground, seconds=1, count=3)
    other = Relay(ground.outbox, ground.log, POLICY, ground.clock)
    ground.record(A, 1)
    other.step()
    ground.log.truncate(TOPIC, keep=3)
    ground.record(B, 1)
    ground.relay.doubt()
    ground.run()
    assert {(A, 1), (B, 1)} <= ground.holds()


def test_order_within_a_batch_is_by_age_then_by_sequence() -> None:
    rows = [outgoing(A, 3), outgoing(B, 2), outgoing(A, 1), outgoing(B, 1), outgoing(A, 2)]
    assert [(row.key, row.sequence) for row in in_key_order(rows)] == [(A, 1), (B, 1), (A, 2), (B, 2), (A, 3)]


def test_a_stamp_changes_nothing_but_the_headers() -> None:
    row = outgoing(A, 1)
    assert stamp(row, 7).value == row.value
    assert stamp(row, 7).headers[:-1] == row.headers


def key_of(number: int) -> UUID:
    return UUID(int=3 * number + 100 + number % 3)


def publish_every(ground: Ground, *, seconds: float, count: int) -> None:
    for number in range(count):
        ground.record(key_of(number), 1)
        ground.run()
        ground.clock.pass_(seconds)
    assert ground.pending() == 0
    assert ground.clock.now > START
