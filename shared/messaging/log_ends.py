"""Where the logs of topics end, asked often and cheaply."""

from __future__ import annotations

import time
from collections.abc import Sequence

from kafka import TopicPartition
from kafka.errors import UnknownTopicOrPartitionError

from shared.messaging.kafka import REACH_MS, logical, physical, reader_for

KNOWN_FOR = 30.0  # seconds for which the partitions of a topic are taken as known


class LogEnds:
    def __init__(self, client_id: str) -> None:
        self._reader = reader_for(f"{client_id}-ends")
        self._partitions: list[TopicPartition] = []
        self._asked_for: Sequence[str] = ()
        self._known_at = float("-inf")
        self._ends: dict[TopicPartition, int] = {}

    def grown(self, topics: Sequence[str]) -> list[str]:
        """The topics whose logs end elsewhere than when this was last asked; raises KafkaError."""
        if topics != self._asked_for or time.monotonic() - self._known_at > KNOWN_FOR:
            self._learn(topics)
        try:
            ends = self._reader.end_offsets(self._partitions, timeout_ms=REACH_MS)
        except KeyError as unknown:  # how the client says that a partition has just gone
            raise UnknownTopicOrPartitionError(str(unknown)) from None
        grown = {logical(place.topic) for place, end in ends.items() if end != self._ends.get(place)}
        self._ends = ends
        return sorted(grown)

    def close(self) -> None:
        self._reader.close(autocommit=False, timeout_ms=1_000)

    def _learn(self, topics: Sequence[str]) -> None:
        found = {topic: self._reader.partitions_for_topic(physical(topic)) or () for topic in topics}
        self._partitions = [TopicPartition(physical(topic), number) for topic in topics for number in found[topic]]
        self._asked_for, self._known_at = topics, time.monotonic()
