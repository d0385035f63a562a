"""The broker of the run as one test sees it: topics under a prefix of its own, read and written as raw records."""

from __future__ import annotations

import time

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

from shared.contracts.catalogue import compacted_topics
from shared.contracts.control import CONTROL_TOPIC
from shared.contracts.parties import CONTACTS
from shared.kernel.service import declared
from shared.messaging.kafka.lookups import incoming
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.kafka.topics import Topics
from shared.messaging.ports import Incoming


class Broker:
    def __init__(self, address: str, prefix: str) -> None:
        self.address, self._prefix = address, prefix
        self.log = KafkaLog("tests")

    def create_topics(self) -> None:
        topics = Topics()
        topics.create(
            events=[*(service.event_topic for service in declared()), CONTROL_TOPIC],
            compacted=compacted_topics(CONTACTS.owners),
        )
        topics.close()

    def send(self, record: Incoming) -> None:
        """Append key, headers and value of a record as they are."""
        self.log.send(record.topic, record.key or b"", record.headers, record.value)

    def records(self, topic: str, seconds: float = 20.0) -> list[Incoming]:
        """Everything the topic holds, partition by partition."""
        bounds = self.log.bounds(topic)
        reader = KafkaConsumer(
            bootstrap_servers=self.address, enable_auto_commit=False, auto_offset_reset="earliest", group_id=None
        )
        found: list[Incoming] = []
        try:
            for number, kept in bounds.items():
                partition, position = TopicPartition(self._prefix + topic, number), kept.start
                reader.assign([partition])
                reader.seek(partition, position)
                deadline = time.monotonic() + seconds
                while position < kept.end:
                    assert time.monotonic() < deadline, f"{topic}/{number} gave nothing from {position} to {kept.end}"
                    for record in reader.poll(timeout_ms=500).get(partition, []):
                        found.append(incoming(record))
                        position = record.offset + 1
        finally:
            reader.close(autocommit=False)
        return found

    def close(self) -> None:
        """Remove the test's topics: the broker keeps its whole log in memory."""
        self.log.close()
        admin = KafkaAdminClient(bootstrap_servers=self.address)
        try:
            mine = [name for name in admin.list_topics() if name.startswith(self._prefix)]
            if mine:
                admin.delete_topics(mine)
        finally:
            admin.close()
