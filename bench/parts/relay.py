"""The relay beside a bare producer of the same records."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from pymongo.database import Database

from bench import ground
from bench.baselines.bare_producer import BareProducer
from bench.figures import Finding, at_least, in_turn
from shared.kernel import clock
from shared.kernel.settings.current import settings
from shared.messaging.kafka.cluster import physical
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.kafka.topics import Topics
from shared.messaging.outbox.events import EventOutbox, outgoing_of
from shared.messaging.outbox.relay import Relay, RelayPolicy, stamp

ROWS = 2_000
FLOOR = 0.15


def measure() -> list[Finding]:
    with ground.engines() as running, ground.store("bench") as database:
        _make_topics()
        producer, log = BareProducer(running.broker_address, physical(ground.BARE_TOPIC)), KafkaLog("bench-relay")
        relay = relay_over(log)
        producer.records_per_second([stamp(outgoing_of(row), 0) for row in ground.rows(100)])
        published_per_second(relay, database, 100)
        bare, ours = in_turn(
            lambda: producer.records_per_second([stamp(outgoing_of(row), 0) for row in ground.rows(ROWS)]),
            lambda: published_per_second(relay, database, ROWS),
        )
        producer.close()
        log.close()
    return [at_least(f"relay, {ROWS:,} rows, beside a bare producer", ours, bare, "/s", FLOOR)]


def relay_over(log: KafkaLog) -> Relay:
    config = settings()
    policy = RelayPolicy(
        batch=config.relay_batch,
        window=timedelta(seconds=config.relay_window_seconds),
        overlap=timedelta(seconds=config.relay_overlap_seconds),
        margin=timedelta(seconds=config.resend_margin_seconds),
        guard_every=timedelta(seconds=config.relay_guard_seconds),
    )
    return Relay(EventOutbox(ground.TOPIC), log, policy, clock.now)


def published_per_second(relay: Relay, database: Database[dict[str, Any]], count: int) -> float:
    """From the first step to the mark of the last row; the rows are there before."""
    ground.insert(database, ground.rows(count))
    published = 0
    began = time.perf_counter()
    while published < count:
        published += relay.step().published
    return published / (time.perf_counter() - began)


def _make_topics() -> None:
    topics = Topics()
    topics.create([ground.TOPIC, ground.BARE_TOPIC], [])
    topics.close()
