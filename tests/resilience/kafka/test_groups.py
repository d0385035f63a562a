"""What the platform's own groups and relay make of a real cluster: each event has one effect, in order, whatever happens.

The embedded broker never gives a member up, so these are proved on Apache Kafka alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from kafka.admin import NewPartitions

from shared.messaging.kafka.cluster import physical
from shared.storage import connection
from tests.resilience.kafka.ground import Ground, until
from tests.resilience.kafka.stage import (
    GROUP,
    Slot,
    Stage,
    all_sent,
    await_once_in_order,
    count,
    histories,
    make_topics,
    shared,
)
from tests.support import toy
from tests.support.worker_loops import running

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.parametrize("engine", ["apache"], indirect=True),
]
SLOW = 0.01  # seconds of one handler: a batch takes a while


@pytest.mark.parametrize("moment", ["cons.after_poll", "cons.before_offset"])
def test_a_zombie_commits_nothing_and_repeats_nothing(stage: Stage, moment: str) -> None:
    """Stopped with records in its hands, or between their effects and their offset, past the end of its session."""
    zombie, other = stage.pair(failpoint=f"{moment}:1:stop")
    with running():
        lengths = histories()
        until(lambda: zombie.is_stopped, "the zombie has stopped")
        until(lambda: other.partitions == [0, 1, 2], "the other takes over")
        await_once_in_order(lengths)
        before = len(zombie.heard("assigned"))
        zombie.wake()
        until(lambda: zombie.heard("committed") or len(zombie.heard("assigned")) > before, "it joins again")
        assert zombie.heard("committed") == []
        # with records in its hands it asks the store first, which may be too slow for it to come to a commit
        assert zombie.heard("refused") or moment == "cons.after_poll"
        shared(3, zombie, other)
        await_once_in_order(lengths | histories(4))


def test_workers_that_come_and_go_in_mid_batch_change_nothing(stage: Stage) -> None:
    steady = stage.slot(0, seconds=SLOW)
    load = stage.load()
    with running():
        for _ in range(2):
            until(lambda: steady.is_in_a_batch, "it is in a batch")
            pass_through(stage, steady)
        await_once_in_order(load.end())


def pass_through(stage: Stage, steady: Slot) -> None:
    """A second worker joins the group, works, and leaves in the middle of a batch."""
    passing = stage.slot(1, seconds=SLOW)
    shared(3, steady, passing)
    until(lambda: passing.heard("committed"), "the second works")
    until(lambda: passing.is_in_a_batch, "it is in a batch again")
    passing.leave()
    until(lambda: steady.partitions == [0, 1, 2], "the first has all again")


def test_the_partitions_of_a_dead_worker_go_to_another_slot(stage: Stage) -> None:
    dies, survivor = stage.pair(seconds=SLOW)
    load = stage.load()
    with running():
        until(lambda: dies.heard("committed"), "it works")
        until(lambda: dies.is_in_a_batch, "it is in a batch")
        dies.kill()
        until(lambda: survivor.partitions == [0, 1, 2], "the survivor has all")
        await_once_in_order(load.end())


def leader_of_the_events(ground: Ground, stage: Stage) -> int:
    return int(ground.describe(stage.topic)["partitions"][0]["leader_id"])


def coordinator_of_the_group(ground: Ground, stage: Stage) -> int:
    """The leader of the partition that the group's name hashes to, as the brokers find it."""
    partitions = ground.describe("__consumer_offsets")["partitions"]
    hashed = 0
    for letter in physical(GROUP):
        hashed = (31 * hashed + ord(letter)) & 0xFFFFFFFF
    leaders = {one["partition_index"]: one["leader_id"] for one in partitions}
    return int(leaders[(hashed & 0x7FFFFFFF) % len(leaders)])


@pytest.mark.parametrize("victim", [leader_of_the_events, coordinator_of_the_group])
def test_a_broker_killed_under_load_costs_nothing(stage: Stage, victim: Callable[[Ground, Stage], int]) -> None:
    stage.pair()
    load = stage.load()
    with running():
        until(lambda: count() > 50, "the group works")
        number = victim(stage.ground, stage)
        stage.ground.engine.kill(number)
        at_death = count()
        try:
            until(lambda: count() > at_death + 100, "the group goes on without the dead broker")
        finally:
            stage.ground.engine.restart(number)
        await_once_in_order(load.end())
        until(all_sent, "everything is sent")
    stage.ground.reconnect()
    assert stage.lost() == set()


def test_keys_that_move_to_new_partitions_keep_their_order(stage: Stage) -> None:
    first, second = stage.pair()
    load = stage.load()
    with running():
        until(lambda: len(load.lengths) == 24 and min(load.lengths.values()) > 1, "each key has a history")
        stage.ground.admin.create_partitions({stage.topic: NewPartitions(total_count=6)})
        shared(6, first, second)
        lengths = dict(load.lengths)
        until(lambda: all(load.lengths[key] > lengths[key] + 1 for key in lengths), "each key goes on")
        lengths = load.end()
        await_once_in_order(lengths)
    assert any(len(stage.partitions_of(key)) > 1 for key in lengths), "no key has moved"


def test_a_topic_that_is_made_again_is_filled_again(stage: Stage) -> None:
    slot = stage.slot(0)
    with running():
        lengths = histories(12)
        await_once_in_order(lengths)
        until(all_sent, "everything is sent")
        stage.ground.admin.delete_topics([stage.topic])
        until(lambda: stage.topic not in stage.ground.admin.list_topics(), "the topic is gone")
        make_topics()
        lengths |= histories(4)
        await_once_in_order(lengths)
        state = connection.database()["relays"].find_one({"_id": toy.TOPIC})
        until(lambda: not stage.lost(), "everything is sent again")
        late = stage.slot(0, group="enrollment.late")
        await_once_in_order(lengths, "enrollment.late")
        assert slot.process.poll() is None
        assert late.partitions == [0, 1, 2]
    assert state
    assert state["epoch"] == 1
