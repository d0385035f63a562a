"""The only file that imports kafka-python, each setting with its reason.

kafka-python 3.0.12 is pinned: 3.0.0 to 3.0.8 can stop fetching a partition. `pause()`/`resume()` are never used (a paused
partition may not be fetched again). Topics are made by a command, never by use. `topic_prefix` separates the runs that
share one broker; nothing outside this file knows of it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from kafka import ConsumerRebalanceListener, KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import CommitFailedError, IllegalStateError, KafkaError, TopicAlreadyExistsError
from kafka.structs import OffsetAndMetadata

from shared.messaging.ports import Acknowledged, Bounds, Incoming, NotSent, Outgoing
from shared.runtime.settings import settings

Unreachable = KafkaError
JOIN_MS = 500


def _addresses() -> list[str]:
    return settings().kafka.split(",")


def _physical(name: str) -> str:
    return settings().topic_prefix + name


def _logical(name: str) -> str:
    return name.removeprefix(settings().topic_prefix)


class Topics:
    """Makes the topics, once, from the declarations."""

    def __init__(self) -> None:
        self._admin = KafkaAdminClient(bootstrap_servers=_addresses(), client_id=f"score-migrate-{os.getpid()}")

    def create(self, facts: Iterable[str], compacted: Iterable[str]) -> list[str]:
        """Create what is missing; returns the names created."""
        config = settings()
        bounded = config.topic_retention_ms >= 0
        kept = {"retention.ms": str(config.topic_retention_ms), "retention.bytes": str(config.topic_retention_bytes)}
        newest = {"cleanup.policy": "compact,delete" if bounded else "compact", **(kept if bounded else {})}
        wanted = dict.fromkeys(facts, kept) | dict.fromkeys(compacted, newest)
        existing = set(self._admin.list_topics())
        made = []
        for name, options in wanted.items():
            if _physical(name) in existing:
                continue
            topic = NewTopic(_physical(name), config.topic_partitions, config.topic_replication, topic_configs=options)
            try:
                self._admin.create_topics([topic])
            except TopicAlreadyExistsError:
                continue
            made.append(name)
        return made

    def existing(self) -> set[str]:
        return {_logical(name) for name in self._admin.list_topics()}

    def close(self) -> None:
        self._admin.close()


class KafkaLog:
    """The relay's port on the broker. One producer, made again after a fatal error."""

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id
        self._producer: KafkaProducer | None = None
        self._reader: KafkaConsumer | None = None

    def publish(self, records: Sequence[Outgoing]) -> list[Acknowledged | NotSent]:
        try:
            producer = self._open_producer()
            futures = [
                producer.send(
                    _physical(record.topic), key=str(record.key).encode(), value=record.value, headers=record.headers
                )
                for record in records
            ]
            producer.flush(timeout=settings().send_timeout_seconds)
        except KafkaError as error:
            self._drop_producer()
            return [NotSent(record, repr(error)) for record in records]
        results = [self._result(record, future) for record, future in zip(records, futures, strict=True)]
        if any(isinstance(result, NotSent) for result in results):
            self._drop_producer()  # after a fatal error an idempotent producer refuses everything
        return results

    def bounds(self, topic: str) -> dict[int, Bounds]:
        reader = self._open_reader()
        partitions = [
            TopicPartition(_physical(topic), number) for number in reader.partitions_for_topic(_physical(topic)) or ()
        ]
        starts, ends = reader.beginning_offsets(partitions), reader.end_offsets(partitions)
        return {partition.partition: Bounds(starts[partition], ends[partition]) for partition in partitions}

    def event_at(self, topic: str, partition: int, offset: int) -> UUID | None:
        return event_at(self._open_reader(), TopicPartition(_physical(topic), partition), offset)

    def send(self, topic: str, key: bytes, headers: list[tuple[str, bytes]], value: bytes | None) -> None:
        """One record outside the outbox (the control topic); raises KafkaError when it was not acknowledged."""
        future = self._open_producer().send(_physical(topic), key=key, value=value, headers=headers)
        future.get(timeout=settings().send_timeout_seconds)

    def close(self) -> None:
        self._drop_producer()
        if self._reader is not None:
            self._reader.close(autocommit=False)
            self._reader = None

    def _open_producer(self) -> KafkaProducer:
        if self._producer is None:
            self._producer = KafkaProducer(
                bootstrap_servers=_addresses(),
                client_id=self._client_id,
                enable_idempotence=True,  # said explicitly: a conflicting option would switch it off in silence
                acks="all",  # an acknowledged record is on every in-sync replica
                linger_ms=0,  # the relay already sends in batches and waits for them
                max_block_ms=5_000,  # a missing broker is an error of this pass, not a hang
                request_timeout_ms=10_000,
                delivery_timeout_ms=int(settings().send_timeout_seconds * 1000),
            )
        return self._producer

    def _drop_producer(self) -> None:
        if self._producer is not None:
            self._producer.close(timeout=1)
            self._producer = None

    def _open_reader(self) -> KafkaConsumer:
        if self._reader is None:
            self._reader = KafkaConsumer(
                bootstrap_servers=_addresses(),
                client_id=f"{self._client_id}-guard",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                allow_auto_create_topics=False,
            )
        return self._reader

    def _result(self, record: Outgoing, future: Any) -> Acknowledged | NotSent:
        if not future.succeeded():
            return NotSent(record, repr(future.exception) if future.is_done else "no acknowledgement in time")
        return Acknowledged(record, future.value.partition, future.value.offset)


class Subscription:
    """A group's membership: static, offsets by hand, the event id at the committed position remembered."""

    def __init__(
        self, group: str, topics: Sequence[str], client_id: str, on_assigned: Callable[[list[tuple[str, int]]], None]
    ) -> None:
        config = settings()
        self.assigned = False
        self._consumer = KafkaConsumer(
            bootstrap_servers=_addresses(),
            client_id=client_id,
            group_id=_physical(group),
            group_instance_id=f"{group}-{config.worker_slot}",  # a restarted worker takes its place without a rebalance
            enable_auto_commit=False,  # an offset moves only behind a committed transaction
            auto_offset_reset="earliest",  # never `latest`: cursors absorb what is read again
            allow_auto_create_topics=False,
            session_timeout_ms=config.session_timeout_ms,
            heartbeat_interval_ms=config.session_timeout_ms // 3,
            max_poll_interval_ms=config.max_poll_interval_ms,
            max_poll_records=config.batch_events,
            fetch_max_wait_ms=500,
            metrics_enabled=False,  # ours say what matters; the client's cost a fifth of an idle loop
        )
        self._consumer.subscribe([_physical(topic) for topic in topics], listener=_Listener(self, on_assigned))

    def poll(self) -> list[Incoming]:
        """What has arrived, without waiting for more; joining the group takes its time."""
        found = self._consumer.poll(timeout_ms=0 if self.assigned else JOIN_MS)
        return [incoming(record) for records in found.values() for record in records]

    def commit(self, positions: Mapping[tuple[str, int], tuple[int, str]]) -> bool:
        """Commit `{(topic, partition): (next offset, event id before it)}`; false when a rebalance took the partition."""
        offsets = {
            TopicPartition(_physical(topic), partition): OffsetAndMetadata(offset, event_id, -1)
            for (topic, partition), (offset, event_id) in positions.items()
        }
        try:
            self._consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError):
            return False
        return True

    def lag(self) -> int:
        behind = 0
        for partition in self._consumer.assignment():
            end = self._consumer.highwater(partition)
            position = self._consumer.position(partition, timeout_ms=1000)
            behind += max(0, (end or 0) - (position or 0))
        return behind

    def verify(self) -> list[str]:
        """Compare each position with what the log holds; rewind where it differs. Returns topics that lost history."""
        suspect = set()
        partitions = list(self._consumer.assignment())
        starts, ends = self._consumer.beginning_offsets(partitions), self._consumer.end_offsets(partitions)
        for partition in partitions:
            committed = self._consumer.committed(partition, metadata=True)
            offset, event_id = (committed.offset, committed.metadata) if committed else (0, "")
            if starts[partition] > offset:
                suspect.add(_logical(partition.topic))
                continue
            if offset > ends[partition] or (
                event_id and offset > starts[partition] and self._differs(partition, offset, event_id)
            ):
                self._consumer.seek_to_beginning(partition)
        return sorted(suspect)

    def close(self) -> None:
        self.assigned = False
        self._consumer.close(autocommit=False, timeout_ms=5_000)

    def _differs(self, partition: TopicPartition, offset: int, event_id: str) -> bool:
        reader = KafkaConsumer(bootstrap_servers=_addresses(), enable_auto_commit=False, allow_auto_create_topics=False)
        try:
            found = event_at(reader, partition, offset - 1)
        finally:
            reader.close(autocommit=False)
        return found is not None and str(found) != event_id


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, subscription: Subscription, on_assigned: Callable[[list[tuple[str, int]]], None]) -> None:
        self._subscription, self._on_assigned = subscription, on_assigned

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        del revoked  # delivery is synchronous: nothing is in flight between two polls
        self._subscription.assigned = False

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._subscription.assigned = True
        self._on_assigned([(_logical(partition.topic), partition.partition) for partition in assigned])


def incoming(record: Any) -> Incoming:
    moment = datetime.fromtimestamp(record.timestamp / 1000, UTC) if record.timestamp and record.timestamp > 0 else None
    return Incoming(
        _logical(record.topic),
        record.partition,
        record.offset,
        record.key,
        list(record.headers or []),
        record.value,
        moment,
    )


def event_at(reader: KafkaConsumer, partition: TopicPartition, offset: int) -> UUID | None:
    """The event id of the record at an offset; None when the log has none there."""
    reader.assign([partition])
    reader.seek(partition, offset)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        for records in reader.poll(timeout_ms=200).values():
            if records[0].offset != offset:
                return None
            for name, value in records[0].headers:
                if name == "ce_id":
                    return UUID(value.decode())
            return None
    return None
