"""What a log promises, asked of the one in memory and of the broker alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from kafka.errors import UnknownTopicOrPartitionError

from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.ports import Acknowledged
from tests.support.memory_group import KEYS, TOPIC, outgoing
from tests.support.memory_ports import MemoryLog
from tests.support.port_pairs import A
from tests.support.waiting import until


@pytest.fixture(params=["memory", "kafka"])
def log(request, _running_engines):
    if request.param == "memory":
        yield MemoryLog(partitions=3)
        return
    request.getfixturevalue("broker")
    log = KafkaLog("conformance")
    # each broker of a cluster learns by itself
    until(lambda: is_known(log), "the broker that the log asks knows the new topic")
    yield log
    log.close()


def is_known(log: KafkaLog) -> bool:
    try:
        return bool(log.bounds(TOPIC))
    except UnknownTopicOrPartitionError:
        return False


def test_a_log_keeps_each_key_in_one_partition_in_order(log) -> None:
    rows = [outgoing(key, n, datetime.now(UTC)) for n in (1, 2, 3) for key in KEYS]
    results = log.publish(rows)
    assert [result.record for result in results] == rows
    assert all(isinstance(result, Acknowledged) for result in results)
    for key in KEYS:
        places = [(result.partition, result.offset) for result in results if result.record.key == key]
        assert len({partition for partition, _ in places}) == 1
        assert [offset for _, offset in places] == sorted(offset for _, offset in places)
    bounds = log.bounds(TOPIC)
    assert set(bounds) == {0, 1, 2}
    assert sum(kept.end - kept.start for kept in bounds.values()) == len(rows)


def test_a_log_says_which_event_is_at_a_place(log) -> None:
    rows = [outgoing(A, n, datetime.now(UTC)) for n in (1, 2)]
    results = log.publish(rows)
    for result in results:
        assert log.event_at(TOPIC, result.partition, result.offset) == result.record.event_id


def test_a_tombstone_keeps_its_headers(log) -> None:
    (result,) = log.publish([replace(outgoing(A, 1, datetime.now(UTC)), value=None)])
    assert log.event_at(TOPIC, result.partition, result.offset) == result.record.event_id


def test_an_empty_topic_has_empty_bounds(log) -> None:
    assert {(kept.start, kept.end) for kept in log.bounds(TOPIC).values()} == {(0, 0)}
