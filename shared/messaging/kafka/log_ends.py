"""Asks, often and cheaply, where the logs of topics end and what came in since the last look."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence

from kafka import TopicPartition
from kafka.errors import UnknownTopicOrPartitionError

from shared.kernel.settings.current import settings
from shared.messaging.bookmarks import header_of
from shared.messaging.kafka.cluster import REACH_MS, logical, physical
from shared.messaging.kafka.lookups import incoming, reader_for
from shared.messaging.ports import Types

PEEK_RECORDS = 20  # more than these are not looked at
PEEK_MS = 100


class LogEnds:
    def __init__(self, client_id: str) -> None:
        self._reader = reader_for(f"{client_id}-ends")
        self._partitions: list[TopicPartition] = []
        self._asked_for: Sequence[str] = ()
        self._known_at = float("-inf")
        self._ends: dict[TopicPartition, int] = {}

    def grown(self, topics: Sequence[str], known: Collection[str] = ()) -> dict[str, Types | None]:
        """Return the topics whose logs end elsewhere than when this was last asked, and the types of what was added: None where
        that is not known. Nothing is said of those already `known` to have grown. Raises KafkaError."""
        if topics != self._asked_for or time.monotonic() - self._known_at > settings().metadata_max_age_ms / 1000:
            self._learn(topics)
        try:
            ends = self._reader.end_offsets(self._partitions, timeout_ms=REACH_MS)
        except KeyError as unknown:  # how the client says that a partition has just gone
            raise UnknownTopicOrPartitionError(str(unknown)) from None
        before = self._ends
        moved = {place: (before.get(place, -1), end) for place, end in ends.items() if end != before.get(place)}
        moved = {place: at for place, at in moved.items() if logical(place.topic) not in known}
        self._ends = before | ends
        types = self._types_between(moved)
        return {logical(place.topic): types.get(place.topic) for place in moved}

    def close(self) -> None:
        self._reader.close(autocommit=False, timeout_ms=1_000)

    def _learn(self, topics: Sequence[str]) -> None:
        numbers = {topic: self._reader.partitions_for_topic(physical(topic)) or () for topic in topics}
        self._partitions = [TopicPartition(physical(topic), number) for topic in topics for number in numbers[topic]]
        self._reader.assign(self._partitions)  # from now on a narrower assignment makes the client forget no topic
        self._asked_for, self._known_at = topics, time.monotonic()

    def _types_between(self, moved: Mapping[TopicPartition, tuple[int, int]]) -> dict[str, Types]:
        """Return the added types by physical topic, without topics of which not everything could be read at once."""
        few = {place for place, (start, end) in moved.items() if 0 <= start < end <= start + PEEK_RECORDS}
        topics = {place.topic for place in few} - {place.topic for place in moved.keys() - few}
        if not topics:
            return {}
        missing = {place: moved[place] for place in few if place.topic in topics}
        types_by_topic: dict[str, set[str]] = {topic: set() for topic in topics}
        self._reader.assign(list(missing))
        for place, (start, _) in missing.items():
            self._reader.seek(place, start)
        until = time.monotonic() + PEEK_MS / 1000
        while missing and time.monotonic() < until:
            for place, records in self._reader.poll(timeout_ms=PEEK_MS, max_records=PEEK_RECORDS).items():
                types_by_topic[place.topic].update(header_of(incoming(record), "ce_type") for record in records)
                if place in missing and records[-1].offset + 1 >= missing[place][1]:
                    del missing[place]
        unread = {place.topic for place in missing}
        return {topic: frozenset(types) for topic, types in types_by_topic.items() if topic not in unread}
