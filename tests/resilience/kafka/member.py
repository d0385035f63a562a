"""A member of a group as a process of its own, so that it can be stopped and killed like a worker.

It says what happens to it as JSON lines: `assigned` (partitions), `read` (partition, position), `held`, `committed`, `refused`
(why), `left`. It obeys lines: `hold` (no further poll), `commit` (what it has read, with metadata), `leave`.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from shared.messaging.kafka.cluster import way_in

SESSION_MS = 6_000  # the least that Apache Kafka accepts
METADATA = "kept by the group"


def publish_party(**what: Any) -> None:
    print(json.dumps(what), flush=True)


class Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self) -> None:
        self.held: dict[TopicPartition, int] = {}
        self.joined = False

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        del revoked
        self.held, self.joined = {}, False

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self.held, self.joined = dict.fromkeys(assigned, 0), True
        publish_party(assigned=sorted(partition.partition for partition in assigned))


def listen(orders: queue.Queue[str]) -> None:
    for line in sys.stdin:
        orders.put(line.strip())
    orders.put("leave")  # the test has ended


def main(addresses: str, group: str, topic: str, instance: str | None = None) -> None:
    orders: queue.Queue[str] = queue.Queue()
    threading.Thread(target=listen, args=(orders,), daemon=True).start()
    consumer = KafkaConsumer(
        **way_in(addresses), group_id=group, group_instance_id=instance, client_id=f"{group}-member",
        enable_auto_commit=False, auto_offset_reset="earliest", allow_auto_create_topics=False,
        session_timeout_ms=SESSION_MS, heartbeat_interval_ms=SESSION_MS // 6,
        metrics_enabled=False,
    )  # fmt: skip
    listener, polling = Listener(), True
    consumer.subscribe([topic], listener=listener)
    while True:
        if polling:
            # A join that ends between two polls is begun again or forgotten, so it is begun in a poll that waits for it.
            joining = not listener.joined or consumer._coordinator.need_rejoin()
            for partition, records in consumer.poll(timeout_ms=500 if joining else 0).items():
                listener.held[partition] = records[-1].offset + 1
                publish_party(read=partition.partition, position=listener.held[partition])
        try:
            order = orders.get(timeout=(0.1 if listener.joined else 0.0001) if polling else None)
        except queue.Empty:
            continue
        if order == "hold":
            polling = False
            publish_party(held=time.time())
        elif order == "commit":
            commit(consumer, listener.held)
        else:
            consumer.close(autocommit=False)
            publish_party(left=True)
            return


def commit(consumer: KafkaConsumer, held: dict[TopicPartition, int]) -> None:
    assert held, "the broker would accept a commit of nothing from anybody"
    try:
        consumer.commit({partition: OffsetAndMetadata(at, METADATA, -1) for partition, at in held.items()})
    except KafkaError as reason:
        publish_party(refused=type(reason).__name__)
    else:
        publish_party(committed=sorted(partition.partition for partition in held))


if __name__ == "__main__":
    main(*sys.argv[1:])
