"""One probe for each thing that the platform may or may not expect of a broker. A probe answers in the table's words."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from kafka import TopicPartition
from kafka.admin import NewPartitions
from kafka.errors import KafkaError, RequestTimedOutError
from kafka.structs import OffsetAndMetadata

from tests.resilience.kafka.ground import Ground, until
from tests.resilience.kafka.member import METADATA


class Answer(NamedTuple):
    """`word` is what a test asserts; `figure` is what this run measured."""

    word: str
    figure: str = ""


def yes_if(condition: object, figure: str = "") -> Answer:
    return Answer("yes" if condition else "no", figure)


Probe = Callable[[Ground], Answer]
CHANGING = (b"a", b"b", b"c")
ROUNDS = 30  # a second apart, as the cleaners look
ENOUGH = 10  # rounds after which an open segment would have been compacted


def headers(ground: Ground) -> Answer:
    sent = [("b", b"1"), ("a", b""), ("b", b"2"), ("z", bytes(range(256)))]
    topic = ground.topic(1)
    ground.send(topic, {"key": b"k", "value": b"v", "headers": sent})
    (record,) = ground.read(topic)
    return yes_if([(name, value) for name, value in record.headers] == sent)


def tombstone(ground: Ground) -> Answer:
    topic = ground.topic(1)
    ground.send(topic, {"key": b"k", "value": None, "headers": [("version", b"3")]}, {"key": b"k", "value": b""})
    return yes_if([record.value for record in ground.read(topic)] == [None, b""])


def end_offsets(ground: Ground) -> Answer:
    topic, seen = ground.topic(3), []
    for count in (1, 10, 100):
        ground.fill(topic, count)
        seen.append({end for _, end in ground.bounds(topic).values()})
    return yes_if(seen == [{1}, {11}, {111}])


def log_start(ground: Ground) -> Answer:
    topic = ground.topic(3)
    ground.fill(topic, 20)
    ground.admin.delete_records({TopicPartition(topic, 0): 7, TopicPartition(topic, 1): 20})
    right = ground.bounds(topic) == {0: (7, 20), 1: (20, 20), 2: (0, 20)}
    left = Counter(record.partition for record in ground.read(topic))
    return yes_if(right and left == {0: 13, 2: 20})


def commit_metadata(ground: Ground) -> Answer:
    topic, group = ground.topic(1), ground.fresh_name("group")
    ground.fill(topic, 3, [0])
    partition = TopicPartition(topic, 0)
    with ground.reader(group_id=group) as writer:
        writer.assign([partition])
        writer.commit({partition: OffsetAndMetadata(2, METADATA, -1)})
    with ground.reader(group_id=group) as reader:
        kept = reader.committed(partition, metadata=True)
    return yes_if(kept is not None and (kept.offset, kept.metadata) == (2, METADATA))


def duplicate_batch(ground: Ground) -> Answer:
    """The acknowledgement of the first try is lost, so that the client sends the same batch again."""
    topic, producer = ground.topic(1), ground.producer()
    sender = producer._sender
    lost: list[Any] = []
    complete = sender._complete_batch

    def lose_the_first(batch: Any, response: Any) -> None:
        if lost or response.error_code:
            complete(batch, response)
        else:
            lost.append(batch)
            sender._complete_batch_with_exception(batch, RequestTimedOutError)

    sender._complete_batch = lose_the_first
    try:
        where = producer.send(topic, b"once").get(timeout=60)
    finally:
        producer.close(timeout=5)
    assert lost, "no acknowledgement was lost, so nothing was shown"
    found = [record.offset for record in ground.read(topic)]
    return yes_if(found == [where.offset])


def compaction(ground: Ground) -> Answer:
    return _compacts(ground, ROUNDS, segment_ms="200", min_cleanable_dirty_ratio="0.01", max_compaction_lag_ms="200")


def open_segment(ground: Ground) -> Answer:
    return _compacts(ground, ENOUGH, min_cleanable_dirty_ratio="0.01")


def _compacts(ground: Ground, rounds: int, **config: str) -> Answer:
    """Whether old values go; a key written once must stay, and so must the newest value of every other."""
    topic = ground.topic(1, cleanup_policy="compact", **config)
    ground.send(topic, {"key": b"once", "value": b"kept"}, {"key": b"erased", "value": b"personal"})
    ground.send(topic, {"key": b"erased", "value": None})
    began = time.monotonic()
    for turn in range(rounds):
        ground.send(topic, *({"key": key, "value": b"%d" % turn} for key in CHANGING))
        records = ground.read(topic)
        newest = {record.key: record.value for record in records}
        assert newest.pop(b"erased", None) is None
        assert newest == {b"once": b"kept", **dict.fromkeys(CHANGING, b"%d" % turn)}
        if b"personal" not in {record.value for record in records} and len(records) < (turn + 1) * len(CHANGING):
            return Answer("yes", f"{time.monotonic() - began:.0f} s")
        time.sleep(1)
    return Answer("no")


def recreated(ground: Ground) -> Answer:
    """Deleted and made again under its name: does the log start at 0, and can a client tell by the topic's id?"""
    topic = ground.topic(1)
    ground.fill(topic, 5, [0])
    before = ground.describe(topic).get("topic_id")
    ground.admin.delete_topics([topic])
    until(lambda: topic not in ground.admin.list_topics(), "the topic is gone")
    until(lambda: _made_again(ground, topic), "the topic can be made again")
    until(lambda: ground.bounds(topic) == {0: (0, 0)}, "it starts at 0")
    ground.fill(topic, 1, [0])
    assert ground.bounds(topic) == {0: (0, 1)}
    if before is None:
        return Answer("empty, topics have no id")
    return Answer("empty, another id" if ground.describe(topic)["topic_id"] != before else "empty, the same id")


def _made_again(ground: Ground, topic: str) -> bool:
    try:
        ground.topic(1, topic)
    except KafkaError:
        return False
    return True


def partitions_raised(ground: Ground) -> Answer:
    topic = ground.topic(3)
    member = ground.member(ground.fresh_name("group"), topic, "slot-0")
    until(lambda: member.partitions == [0, 1, 2], "the member has the topic")
    ground.admin.create_partitions({topic: NewPartitions(total_count=6)})
    seconds = until(lambda: member.partitions == [0, 1, 2, 3, 4, 5], "the member has the new partitions")
    ground.fill(topic, 2, range(6))
    until(lambda: member.positions == dict.fromkeys(range(6), 2), "it reads all six")
    return yes_if(True, f"{seconds:.1f} s")
