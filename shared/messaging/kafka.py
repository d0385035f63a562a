"""The broker's client, kafka-python, for making topics and for the relay.

It is imported by five files alone, each setting with its reason: this one, `lookups` for single records, `log_ends` for
the doorbell, `subscription` for groups, and `cluster` for where the brokers are. 3.0.12 is pinned: 3.0.0 to 3.0.8 can
stop fetching a partition. Topics are made by a command, never by use. `topic_prefix` separates the runs that share one
broker; nothing outside these files knows of it.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.admin import MemberToRemove, NewTopic
from kafka.errors import KafkaError, MessageSizeTooLargeError, TopicAlreadyExistsError, for_code

from shared.messaging.bookmarks import header_of
from shared.messaging.cluster import REACH_MS, addresses, logical, physical
from shared.messaging.lookups import Lookup
from shared.messaging.ports import Acknowledged, Bounds, NotSent, Outgoing
from shared.runtime.settings import settings


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
        self._lookup = Lookup(f"{client_id}-guard")

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
        return self._lookup.bounds(topic, expected)

    def event_at(self, topic: str, partition: int, offset: int) -> UUID | None:
        place = TopicPartition(physical(topic), partition)
        record = self._lookup.at({place: offset})[0].get(place)
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
        self._lookup.close()

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

    def _result(self, record: Outgoing, future: Any) -> Acknowledged | NotSent:
        if isinstance(future, KafkaError):
            return NotSent(record, repr(future))
        if not future.succeeded():
            return NotSent(record, repr(future.exception) if future.is_done else "no acknowledgement in time")
        return Acknowledged(record, future.value.partition, future.value.offset)
