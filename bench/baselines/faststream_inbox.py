"""FastStream's batch subscriber with an inbox: one transaction per batch, one inbox row per event id, then the commit.

Written as its documentation has it: `batch=True`, offsets committed after the handler, a failed batch handed out again
(`NACK_ON_ERROR`), so a handler that wants one effect each must know what it has seen. Runs as a program of its own, in an
environment of its own (`faststream_home`); prints events per second, from the first batch to the commit behind the last.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import time
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker, KafkaMessage
from pymongo import AsyncMongoClient, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

MAJORITY, SNAPSHOT = WriteConcern(w="majority", j=True), ReadConcern("snapshot")
Event = tuple[str, dict[str, Any]]


class Inbox:
    """Effects, and the ids of the events that had theirs, written together."""

    def __init__(self, client: AsyncMongoClient[dict[str, Any]], database: str, effects: str, inbox: str) -> None:
        self._client = client
        self._effects, self._seen = client[database][effects], client[database][inbox]

    async def apply(self, events: list[Event]) -> None:
        async with self._client.start_session() as session:
            await session.with_transaction(
                lambda s: self._apply(s, events), read_concern=SNAPSHOT, write_concern=MAJORITY
            )

    async def _apply(self, session: AsyncClientSession, events: list[Event]) -> None:
        ids = [event_id for event_id, _ in events]
        known = {row["_id"] async for row in self._seen.find({"_id": {"$in": ids}}, session=session)}
        new = {event_id: event for event_id, event in events if event_id not in known}
        if not new:
            return
        await self._seen.insert_many([{"_id": event_id} for event_id in new], session=session)
        await self._effects.bulk_write(
            [
                UpdateOne(
                    {"_id": event["institution_id"]}, {"$set": {"state": event}, "$inc": {"seen": 1}}, upsert=True
                )
                for event in new.values()
            ],
            session=session,
        )


async def measure(chosen: argparse.Namespace) -> float:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(chosen.mongo)
    inbox = Inbox(client, chosen.database, chosen.effects, chosen.inbox)
    broker = KafkaBroker(chosen.kafka.split(","), logger=None)
    app = FastStream(broker, logger=None)
    done, began, ended = 0, 0.0, 0.0

    @broker.subscriber(
        chosen.topic,
        group_id=chosen.group,
        auto_offset_reset="earliest",
        batch=True,
        max_records=chosen.batch,
        ack_policy=AckPolicy.NACK_ON_ERROR,
    )
    async def receive(events: list[dict[str, Any]], message: KafkaMessage) -> None:
        nonlocal done, began, ended
        began = began or time.perf_counter()
        ids = [str(headers["ce_id"]) for headers in message.batch_headers]
        await inbox.apply(list(zip(ids, events, strict=True)))
        await message.ack()  # here, so that the clock includes it; FastStream does it behind the handler
        done += len(events)
        if done >= chosen.count:
            ended = time.perf_counter()
            app.exit()

    await app.run(log_level=logging.ERROR)
    await client.close()
    return float(done / (ended - began))


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("kafka", "topic", "group", "mongo", "database", "effects", "inbox"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("batch", "count"):
        parser.add_argument(f"--{name}", type=int, required=True)
    print(asyncio.run(measure(parser.parse_args())))


if __name__ == "__main__":
    main()
