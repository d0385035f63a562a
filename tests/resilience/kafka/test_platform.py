"""What the platform's own broker code must do on a cluster where groups are real."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic

from deploy.platform.plan import Plan
from shared.messaging.bookmarks import Bookmark
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.kafka.topics import Topics
from tests.resilience.kafka.ground import Ground, until
from tests.support.engines import environment

pytestmark = [pytest.mark.kafka, pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")]

TOLD_TO_MIGRATE = {"SCORE_KAFKA", "SCORE_TOPIC_RETENTION_MS", "SCORE_TOPIC_RETENTION_BYTES"}


def test_a_group_reads_partitions_that_are_added_while_it_lives(ground: Ground) -> None:
    topic = ground.topic(3)
    with environment(SCORE_KAFKA=ground.engine.addresses, SCORE_TOPIC_PREFIX=""):
        consumer = GroupConsumer(ground.fresh_name("group"), [topic], "tests")
        try:
            held: set[int] = set()
            read: dict[int, int] = {}

            def turn() -> bool:
                for record in consumer.poll():
                    read[record.partition] = record.offset + 1
                if places := consumer.newly_assigned():
                    held.clear()
                    held.update(partition for _, partition in places)
                time.sleep(0.05)  # as the loop rests between two empty polls
                return False

            until(lambda: turn() or held == {0, 1, 2}, "the group has the topic")
            ground.admin.create_partitions({topic: NewPartitions(total_count=6)})
            until(lambda: turn() or held == set(range(6)), "the group has the new partitions", 30)
            ground.fill(topic, 2, range(6))
            until(lambda: turn() or read == dict.fromkeys(range(6), 2), "the group reads all six", 30)
            assert consumer.commit({(topic, 5): Bookmark(2)})
        finally:
            consumer.close()


@pytest.mark.parametrize("engine", ["apache"], indirect=True)  # the embedded broker makes what is asked for
def test_a_topic_that_is_gone_is_named_and_read_when_it_is_made_again(ground: Ground) -> None:
    kept, gone = ground.topic(3), ground.topic(3)
    with environment(SCORE_KAFKA=ground.engine.addresses, SCORE_TOPIC_PREFIX=""):
        consumer = GroupConsumer(ground.fresh_name("group"), [kept, gone], "tests")
        read: Counter[str] = Counter()

        def turn() -> bool:
            read.update(record.topic for record in consumer.poll())
            time.sleep(0.05)  # as the loop rests between two empty polls
            return False

        try:
            until(lambda: turn() or consumer.assigned, "the group has the topics")
            assert consumer.unread() == []
            ground.admin.delete_topics([gone])
            until(lambda: turn() or consumer.unread() == [gone], "it is named", 30)
            ground.fill(kept, 2, range(3))
            until(lambda: turn() or read[kept] == 6, "the other one is read", 30)
            ground.admin.create_topics([NewTopic(gone, 3, ground.engine.replication)])
            until(lambda: turn() or not consumer.unread(), "it is shared out again", 30)
            ground.admin.wait_for_topics([gone])
            ground.fill(gone, 2, range(3))
            until(lambda: turn() or read[gone] == 6, "it is read", 30)
        finally:
            consumer.close()


def test_score_up_on_a_cluster_makes_topics_that_are_kept_whole_and_for_ever(ground: Ground, tmp_path: Path) -> None:
    """As many copies as there are brokers, three at most; an acknowledged record is on all of them but one."""
    prefix = f"{ground.fresh_name('made')}."
    copies = ground.engine.replication
    plan = Plan(tmp_path, (), tmp_path, kafka=ground.engine.addresses, inherited={})
    chosen = {name: value for name, value in plan.environment().items() if name in TOLD_TO_MIGRATE}
    assert chosen.keys() == TOLD_TO_MIGRATE
    with environment(SCORE_TOPIC_PREFIX=prefix, **chosen):
        topics = Topics()
        try:
            assert sorted(topics.create(["events"], ["contacts"])) == ["contacts", "events"]
            assert topics.create(["events"], ["contacts"]) == []
        finally:
            topics.close()
    for name in ("events", "contacts"):
        partitions = ground.describe(prefix + name)["partitions"]
        assert [len(one["replica_nodes"]) for one in partitions] == [copies] * 3
        assert setting(ground, prefix + name, "min.insync.replicas") == str(max(1, copies - 1))
    assert setting(ground, f"{prefix}events", "retention.ms") == "-1"
    assert setting(ground, f"{prefix}events", "retention.bytes") == "-1"
    assert setting(ground, f"{prefix}contacts", "cleanup.policy") == "compact"


def test_what_an_operator_has_set_for_topics_stands(ground: Ground, tmp_path: Path) -> None:
    prefix = f"{ground.fresh_name('set')}."
    own = {"SCORE_TOPIC_RETENTION_MS": "86400000", "SCORE_TOPIC_REPLICATION": "1", "SCORE_TOPIC_MIN_ISR": "1"}
    plan = Plan(tmp_path, (), tmp_path, kafka=ground.engine.addresses, inherited=own)
    chosen = {name: value for name, value in plan.environment().items() if name in TOLD_TO_MIGRATE | own.keys()}
    with environment(SCORE_TOPIC_PREFIX=prefix, **chosen):
        topics = Topics()
        try:
            assert topics.create(["events"], []) == ["events"]
        finally:
            topics.close()
    assert [len(one["replica_nodes"]) for one in ground.describe(f"{prefix}events")["partitions"]] == [1] * 3
    assert setting(ground, f"{prefix}events", "retention.ms") == "86400000"
    assert setting(ground, f"{prefix}events", "min.insync.replicas") == "1"


def setting(ground: Ground, topic: str, name: str) -> str:
    found = ground.admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    return str(found["topic"][topic][name]["value"])
