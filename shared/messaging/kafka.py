"""The broker's client, kafka-python, for topics, for the relay and for looking records up; `subscription` is for groups.

These two files alone import it, each setting with its reason. 3.0.12 is pinned: 3.0.0 to 3.0.8 can stop fetching a
partition. Topics are made by a command, never by use. `topic_prefix` separates the runs that share one broker; nothing
outside these files knows of it.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import MemberToRemove, NewTopic
from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)

from shared.messaging.bookmarks import header_of
from shared.messaging.ports import Acknowledged, Bounds, Incoming, NotSent, Outgoing
from shared.runtime.settings import settings

Unreachable = KafkaError
REACH_MS = 5_000  # longest wait for a broker: a worker must be able to end in less than ten seconds


def addresses() -> list[str]:
    return settings().kafka.split(",")


def physical(name: str) -> str:
    return settings().topic_prefix + name


def logical(name: str) -> str:
    return name.removeprefix(settings().topic_prefix)


class Topics:
    """Makes the topics, once, from the declarations."""

    def __init__(self, reach_ms: int = 30_000) -> None:
        """`reach_ms` is how long a broker that does not answer is waited for."""
        self._admin = KafkaAdminClient(
            bootstrap_servers=addresses(), client_id=f"score-migrate-{os.getpid()}", bootstrap_timeout_ms=reach_ms
        )

    def create(self, facts: Iterable[str], compacted: Iterable[str]) -> list[str]:
        """Create what is missing; returns the names created."""
        config = settings()
        bounded = config.topic_retention_ms >= 0
        kept = {"retention.ms": str(config.topic_retention_ms), "retention.bytes": str(config.topic_retention_bytes)}
        newest = {"cleanup.policy": "compact,delete" if bounded else "compact", **(kept if bounded else {})}
        wanted = dict.fromkeys(facts, kept) | dict.fromkeys(compacted, newest)
        existing = set(self._admin.list_topics())
        copies = config.topic_replication or min(3, self._brokers())
        safe = {"min.insync.replicas": str(config.topic_min_isr or max(1, copies - 1))}
        missing = {name: options for name, options in wanted.items() if physical(name) not in existing}
        topics = [
            NewTopic(physical(name), config.topic_partitions, copies, topic_configs=options | safe)
            for name, options in missing.items()
        ]
        answers = self._admin.create_topics(topics, raise_errors=False)["topics"] if topics else []
        refused = {
            logical(answer["name"]): for_code(answer["error_code"]) for answer in answers if answer["error_code"]
        }
        for name, reason in refused.items():
            if reason is not TopicAlreadyExistsError:
                raise reason(name)
        made = [name for name in missing if name not in refused]
        self._admin.wait_for_topics([physical(name) for name in made])  # until each partition has a leader
        return made

    def _brokers(self) -> int:
        """Dead ones count: with fewer copies than meant, topics would stay so."""
        try:
            return len(self._admin.describe_cluster()["brokers"])
        except KeyError:  # the embedded broker, which is alone, answers in a version that the client cannot read
            return 1

    def existing(self) -> set[str]:
        return {logical(name) for name in self._admin.list_topics()}

    def committed(self) -> dict[str, dict[tuple[str, int], int]]:
        """Of each group that the broker knows: the next offset it reads, per topic and partition. Changes nothing."""
        names = [one["group_id"] for one in self._admin.list_groups()]
        found = {}
        for name in names:
            if name.startswith(settings().topic_prefix):
                offsets = self._admin.list_group_offsets({name: None})[name]  # one by one: older brokers know no more
                found[logical(name)] = {(logical(tp.topic), tp.partition): at.offset for tp, at in offsets.items()}
        return found

    def remove_group(self, group: str) -> None:
        """Delete a group that nobody needs any more, with its offsets and the members that it still counts.

        A static member does not leave when it ends, and a broker deletes no group with members.
        """
        name = physical(group)
        held = self._admin.describe_groups([name])[name]["members"]
        if held:
            self._admin.remove_group_members(name, [MemberToRemove(member_id=one["member_id"]) for one in held])
        self._admin.delete_groups([name])

    def close(self) -> None:
        self._admin.close()


class KafkaLog:
    """The relay's port on the broker. One producer, made again after an error; sending is for any thread."""

    def __init__(self, client_id: str, published: Callable[[Sequence[Outgoing]], None] = lambda _: None) -> None:
        """`published` is told of what the broker has acknowledged."""
        self._client_id, self._published = client_id, published
        self._lock = threading.Lock()
        self._producer: KafkaProducer | None = None
        self._reader: KafkaConsumer | None = None

    def publish(self, records: Sequence[Outgoing]) -> list[Acknowledged | NotSent]:
        results = self._publish(records)
        self._published([result.record for result in results if isinstance(result, Acknowledged)])
        return results

    def _publish(self, records: Sequence[Outgoing]) -> list[Acknowledged | NotSent]:
        with self._lock:
            try:
                producer = self._open_producer()
                futures = [self._handed_over(producer, record) for record in records]
                producer.flush(timeout=settings().send_timeout_seconds)
            except KafkaError as error:
                self._drop_producer()
                return [NotSent(record, repr(error)) for record in records]
            results = [self._result(record, future) for record, future in zip(records, futures, strict=True)]
            if any(isinstance(result, NotSent) for result in results):
                self._drop_producer()  # after a fatal error an idempotent producer refuses everything
            return results

    def bounds(self, topic: str, expected: Collection[int] = ()) -> dict[int, Bounds]:
        numbers = self._open_reader().partitions_for_topic(physical(topic))
        if set(expected) - set(numbers or ()):  # the producer learns of new partitions at other moments than the reader
            self._drop_reader()
            numbers = self._open_reader().partitions_for_topic(physical(topic))
        if not numbers:
            raise UnknownTopicOrPartitionError(topic)  # missing metadata is no proof that the records are gone
        partitions = [TopicPartition(physical(topic), number) for number in numbers]
        with self._reading() as reader:
            return {partition.partition: kept for partition, kept in bounds_of(reader, partitions).items()}

    def event_at(self, topic: str, partition: int, offset: int) -> UUID | None:
        place = TopicPartition(physical(topic), partition)
        with self._reading() as reader:
            record = records_at(reader, {place: offset}).get(place)
        try:
            return UUID(header_of(record, "ce_id")) if record else None
        except ValueError:
            return None  # garbage that somebody else wrote

    def send(self, topic: str, key: bytes, headers: list[tuple[str, bytes]], value: bytes | None) -> None:
        """One record outside the outbox (the control topic); raises KafkaError when it was not acknowledged."""
        with self._lock:
            try:
                future = self._open_producer().send(physical(topic), key=key, value=value, headers=headers)
                future.get(timeout=REACH_MS / 1000)
            except KafkaError:
                self._drop_producer()
                raise

    def close(self) -> None:
        with self._lock:
            self._drop_producer()
        self._drop_reader()

    def _open_producer(self) -> KafkaProducer:
        if self._producer is None:
            self._producer = KafkaProducer(
                bootstrap_servers=addresses(),
                client_id=self._client_id,
                enable_idempotence=True,  # said explicitly: a conflicting option would switch it off in silence
                acks="all",  # an acknowledged record is on every in-sync replica
                linger_ms=0,  # the relay already sends in batches and waits for them
                bootstrap_timeout_ms=REACH_MS,
                max_block_ms=REACH_MS,  # a missing broker is an error of this pass, not a hang
                request_timeout_ms=min(
                    10_000, int(settings().send_timeout_seconds * 500)
                ),  # below the next, or it is refused
                delivery_timeout_ms=int(settings().send_timeout_seconds * 1000),
            )
        return self._producer

    def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            producer.close(timeout=1)
        except KafkaError:
            # with unsent records `close` gives up before it has ended the sender, which would go on sending them
            producer._sender.force_close()  # noqa: SLF001
            with contextlib.suppress(KafkaError):
                producer.close(timeout=1)

    def _handed_over(self, producer: KafkaProducer, record: Outgoing) -> Any:
        try:
            return producer.send(
                physical(record.topic), key=str(record.key).encode(), value=record.value, headers=record.headers
            )
        except MessageSizeTooLargeError as error:
            return error

    def _open_reader(self) -> KafkaConsumer:
        if self._reader is None:
            self._reader = reader_for(f"{self._client_id}-guard")
        return self._reader

    @contextlib.contextmanager
    def _reading(self) -> Iterator[KafkaConsumer]:
        """A reader that failed is not asked again: it may go on seeing a topic that was deleted and made anew."""
        try:
            yield self._open_reader()
        except KafkaError:
            self._drop_reader()
            raise

    def _drop_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close(autocommit=False, timeout_ms=1_000)

    def _result(self, record: Outgoing, future: Any) -> Acknowledged | NotSent:
        if isinstance(future, KafkaError):
            return NotSent(record, repr(future))
        if not future.succeeded():
            return NotSent(record, repr(future.exception) if future.is_done else "no acknowledgement in time")
        return Acknowledged(record, future.value.partition, future.value.offset)


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
    """Where the log of each partition begins and ends; raises KafkaError."""
    try:
        starts = reader.beginning_offsets(partitions, timeout_ms=REACH_MS)
        ends = reader.end_offsets(partitions, timeout_ms=REACH_MS)
    except KeyError as unknown:  # how the client says that a partition has just gone
        raise UnknownTopicOrPartitionError(str(unknown)) from None
    return {partition: Bounds(starts[partition], ends[partition]) for partition in partitions}


def records_at(reader: KafkaConsumer, wanted: Mapping[TopicPartition, int]) -> dict[TopicPartition, Incoming]:
    """The record at one offset of each partition; one without a record there is left out. KafkaError if the log is silent."""
    reader.assign(list(wanted))
    for partition, offset in wanted.items():
        reader.seek(partition, offset)
    found: dict[TopicPartition, Incoming] = {}
    seen: set[TopicPartition] = set()
    deadline = time.monotonic() + REACH_MS / 1000
    while seen < wanted.keys():
        if time.monotonic() > deadline:
            raise KafkaTimeoutError("the log could not be read")  # silence proves nothing about what it holds
        for partition, records in reader.poll(timeout_ms=200).items():
            if partition not in seen and records[0].offset == wanted[partition]:
                found[partition] = incoming(records[0])
            seen.add(partition)
    return found


def reader_for(client_id: str) -> KafkaConsumer:
    """A consumer that looks records up and belongs to no group."""
    return KafkaConsumer(
        bootstrap_servers=addresses(),
        client_id=client_id,
        bootstrap_timeout_ms=REACH_MS,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        allow_auto_create_topics=False,
        max_poll_records=16,
        fetch_max_wait_ms=1,  # the next question must not wait behind a fetch for which there is nothing yet
        metrics_enabled=False,
    )
