"""The broker's client as a producer, for the relay and for the control topic.

kafka-python is imported by the modules of this folder alone, each setting with its reason: `topics`, this one, `lookups`
for single records, `log_ends` for wake-ups, `consumer` for groups, and `cluster` for where the brokers are. 3.0.12 is
pinned: 3.0.0 to 3.0.8 can stop fetching a partition. `topic_prefix` separates the runs that share one broker; nothing
outside this folder knows of it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from kafka import KafkaProducer, TopicPartition
from kafka.errors import KafkaError, MessageSizeTooLargeError

from shared.kernel.settings.current import settings
from shared.messaging.bookmarks import header_of
from shared.messaging.kafka.cluster import REACH_MS, physical, way_in
from shared.messaging.kafka.lookups import Lookup
from shared.messaging.ports import Acknowledged, Bounds, NotSent, Outgoing


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
                futures = [self._hand_over(producer, record) for record in records]
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
        """Send one record outside the outbox (the control topic); raises KafkaError when it was not acknowledged."""
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
                **way_in(),
                client_id=self._client_id,
                allow_auto_create_topics=False,  # one that is gone would come back with other options than migrate gives it
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

    def _hand_over(self, producer: KafkaProducer, record: Outgoing) -> Any:
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
