"""The relay over the memory ports: what it does about a broker that forgets."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.messaging.outbox.relay import Relay
from shared.messaging.ports import Acknowledged, NotSent, Outgoing
from tests.support.memory_group import TOPIC, outgoing
from tests.support.relay_ground import POLICY, A, B, C, Ground, key_of, publish_every


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
