"""The relay over the memory ports: order, prefix, windows, and what it does about a broker that forgets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from shared.messaging.outbox.relay import in_key_order, stamp
from shared.messaging.ports import NotSent
from tests.support.memory_group import outgoing
from tests.support.relay_ground import POLICY, A, B, C, Ground, first_copies


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


def test_order_within_a_batch_is_by_age_then_by_sequence() -> None:
    rows = [outgoing(A, 3), outgoing(B, 2), outgoing(A, 1), outgoing(B, 1), outgoing(A, 2)]
    assert [(row.key, row.sequence) for row in in_key_order(rows)] == [(A, 1), (B, 1), (A, 2), (B, 2), (A, 3)]


def test_a_stamp_changes_nothing_but_the_headers() -> None:
    row = outgoing(A, 1)
    assert stamp(row, 7).value == row.value
    assert stamp(row, 7).headers[:-2] == row.headers
