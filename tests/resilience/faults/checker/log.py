"""Reads the topics and the groups of a platform with a plain client."""

from __future__ import annotations

import time
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

PATIENCE = 60.0
Place = tuple[str, int]


class Log:
    def __init__(self, addresses: str, prefix: str) -> None:
        self._addresses, self._prefix = addresses.split(","), f"{prefix}."

    def records(self, topic: str) -> list[Any]:
        """All that a topic holds, partition by partition, in order of offset."""
        reader = self._reader()
        try:
            places = [TopicPartition(self._prefix + topic, n) for n in self._numbers(reader, topic)]
            starts, ends = reader.beginning_offsets(places), reader.end_offsets(places)
            found: dict[TopicPartition, list[Any]] = {place: [] for place in places}
            reader.assign(places)
            for place in places:
                reader.seek(place, starts[place])
            deadline = time.monotonic() + PATIENCE
            while missing := [place for place in places if reader.position(place) < ends[place]]:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{topic} gives nothing of {missing} before {ends}")
                for place, records in reader.poll(timeout_ms=500).items():
                    found[place] += records
        finally:
            reader.close(autocommit=False)
        return [record for place in places for record in found[place]]

    def event_ids(self, topic: str) -> set[str]:
        return {id_ for record in self.records(topic) if (id_ := header(record, "ce_id"))}

    def bounds(self, topics: list[str]) -> dict[Place, tuple[int, int]]:
        """Where the log of each partition begins and ends."""
        reader = self._reader()
        try:
            places = [TopicPartition(self._prefix + topic, n) for topic in topics for n in self._numbers(reader, topic)]
            starts, ends = reader.beginning_offsets(places), reader.end_offsets(places)
        finally:
            reader.close(autocommit=False)
        return {(p.topic.removeprefix(self._prefix), p.partition): (starts[p], ends[p]) for p in places}

    def _numbers(self, reader: KafkaConsumer, topic: str) -> list[int]:
        return sorted(reader.partitions_for_topic(self._prefix + topic) or ())

    def _reader(self) -> KafkaConsumer:
        return KafkaConsumer(
            bootstrap_servers=self._addresses, enable_auto_commit=False, auto_offset_reset="earliest",
            allow_auto_create_topics=False, metrics_enabled=False,
        )  # fmt: skip


class Offsets:
    """Asks for committed offsets, again and again, over one connection."""

    def __init__(self, addresses: str, prefix: str) -> None:
        self._prefix = f"{prefix}."
        self._admin = KafkaAdminClient(
            bootstrap_servers=addresses.split(","), request_timeout_ms=4000, bootstrap_timeout_ms=4000
        )

    def of(self, groups: list[str]) -> dict[str, dict[Place, int]]:
        """The next offset that each group reads, in the partitions it has ever read."""
        found = {}
        for group in groups:
            name = self._prefix + group
            said = self._admin.list_group_offsets({name: None})[name]
            found[group] = {
                (place.topic.removeprefix(self._prefix), place.partition): at.offset for place, at in said.items()
            }
        return found

    def close(self) -> None:
        self._admin.close()


def header(record: Any, name: str) -> str:
    return next((value.decode("ascii", "replace") for known, value in record.headers or () if known == name), "")
