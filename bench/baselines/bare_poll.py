"""A kafka-python poll loop: one bulk write for what a poll brought, then the commit. No cursors, no inbox, no parking."""

from __future__ import annotations

import time
from typing import Any

import orjson
from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata
from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

MAJORITY, SNAPSHOT = WriteConcern(w="majority", j=True), ReadConcern("snapshot")


def open_consumer(addresses: str, topic: str, group: str, batch: int) -> KafkaConsumer:
    consumer = KafkaConsumer(
        bootstrap_servers=addresses.split(","),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_poll_records=batch,
        metrics_enabled=False,
    )
    consumer.subscribe([topic])
    return consumer


def records_per_second(
    consumer: KafkaConsumer, database: Database[dict[str, Any]], collection: str, count: int
) -> float:
    """From the first record that arrives to the commit behind the last."""
    done, began = 0, 0.0
    while done < count:
        found = consumer.poll(timeout_ms=500)
        began = began or (time.perf_counter() if found else 0.0)
        records = [record for partition in found.values() for record in partition]
        if not records:
            continue
        _write(database, collection, [orjson.loads(record.value) for record in records])
        consumer.commit(
            {
                TopicPartition(place.topic, place.partition): OffsetAndMetadata(part[-1].offset + 1, "", -1)
                for place, part in found.items()
            }
        )
        done += len(records)
    return done / (time.perf_counter() - began)


def _write(database: Database[dict[str, Any]], collection: str, events: list[dict[str, Any]]) -> None:
    writes = [
        UpdateOne({"_id": event["institution_id"]}, {"$set": {"state": event}, "$inc": {"seen": 1}}, upsert=True)
        for event in events
    ]
    with database.client.start_session() as session:
        session.with_transaction(
            lambda s: database[collection].bulk_write(writes, session=s),
            read_concern=SNAPSHOT,
            write_concern=MAJORITY,
        )
