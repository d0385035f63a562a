"""Reading single records and the bounds of logs, outside any group.

kafka-python has records that it cannot decode: a header whose name is not UTF-8, a batch in a codec that is not
installed. It says neither where they are nor what they hold, and asked again at the same offset it loops for ever: a
client that raised is replaced.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import (
    CorruptRecordError,
    KafkaError,
    KafkaTimeoutError,
    UnknownTopicOrPartitionError,
    UnsupportedCodecError,
)

from shared.messaging.kafka.cluster import REACH_MS, logical, physical, way_in
from shared.messaging.ports import Bounds, Incoming

UNREADABLE = (CorruptRecordError, UnsupportedCodecError)


def incoming(record: Any) -> Incoming:
    moment = datetime.fromtimestamp(record.timestamp / 1000, UTC) if record.timestamp and record.timestamp > 0 else None
    return Incoming(
        logical(record.topic),
        record.partition,
        record.offset,
        record.key,
        [(name, value or b"") for name, value in record.headers or ()],  # other clients send headers without a value
        record.value,
        moment,
    )


def bounds_of(reader: KafkaConsumer, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, Bounds]:
    """Return where the log of each partition begins and ends; raises KafkaError."""
    try:
        starts = reader.beginning_offsets(partitions, timeout_ms=REACH_MS)
        ends = reader.end_offsets(partitions, timeout_ms=REACH_MS)
    except KeyError as unknown:  # how the client says that a partition has just gone
        raise UnknownTopicOrPartitionError(str(unknown)) from None
    return {partition: Bounds(starts[partition], ends[partition]) for partition in partitions}


def reader_for(client_id: str) -> KafkaConsumer:
    """Make a consumer that looks records up and belongs to no group."""
    return KafkaConsumer(
        **way_in(),
        client_id=client_id,
        bootstrap_timeout_ms=REACH_MS,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        allow_auto_create_topics=False,
        max_poll_records=16,
        fetch_max_wait_ms=1,  # the next question must not wait behind a fetch for which there is nothing yet
        metrics_enabled=False,
    )


class Lookup:
    """A reader made when it is needed, and again after an error: one that failed may go on seeing a topic that was
    deleted and made anew. Every method raises KafkaError when the log is silent."""

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id
        self._reader: KafkaConsumer | None = None

    def bounds(self, topic: str, expected: Collection[int] = ()) -> dict[int, Bounds]:
        """Return the bounds of every partition; `expected` are partitions that were there, which old metadata may not know."""
        numbers = self._open().partitions_for_topic(physical(topic))
        if set(expected) - set(numbers or ()):  # the producer learns of new partitions at other moments than the reader
            self.close()
            numbers = self._open().partitions_for_topic(physical(topic))
        if not numbers:
            raise UnknownTopicOrPartitionError(topic)  # missing metadata is no proof that the records are gone
        partitions = [TopicPartition(physical(topic), number) for number in numbers]
        with self._reading() as reader:
            return {
                partition.partition: partition_bounds
                for partition, partition_bounds in bounds_of(reader, partitions).items()
            }

    def at(self, wanted: Mapping[TopicPartition, int]) -> tuple[dict[TopicPartition, Incoming], set[TopicPartition]]:
        """Return the record at one offset of each partition, and the partitions whose record the client cannot decode.

        A partition in neither has no record at its offset.
        """
        if not wanted:
            return {}, set()
        try:
            with self._reading() as reader:
                return _records_at(reader, wanted), set()
        except UNREADABLE:
            if len(wanted) == 1:
                return {}, set(wanted)
        records: dict[TopicPartition, Incoming] = {}
        unreadable: set[TopicPartition] = set()
        for partition, offset in wanted.items():
            record, undecodable = self.at({partition: offset})
            records |= record
            unreadable |= undecodable
        return records, unreadable

    def close(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close(autocommit=False, timeout_ms=1_000)

    def _open(self) -> KafkaConsumer:
        if self._reader is None:
            self._reader = reader_for(self._client_id)
        return self._reader

    @contextlib.contextmanager
    def _reading(self) -> Iterator[KafkaConsumer]:
        try:
            yield self._open()
        except KafkaError:
            self.close()
            raise


def _records_at(reader: KafkaConsumer, offsets: Mapping[TopicPartition, int]) -> dict[TopicPartition, Incoming]:
    reader.assign(list(offsets))
    for partition, offset in offsets.items():
        reader.seek(partition, offset)
    records_by_partition: dict[TopicPartition, Incoming] = {}
    read: set[TopicPartition] = set()
    deadline = time.monotonic() + REACH_MS / 1000
    while read < offsets.keys():
        if time.monotonic() > deadline:
            raise KafkaTimeoutError("the log could not be read")  # silence proves nothing about what it holds
        for partition, records in reader.poll(timeout_ms=200).items():
            if partition not in read and records[0].offset == offsets[partition]:
                records_by_partition[partition] = incoming(records[0])
            read.add(partition)
    return records_by_partition
