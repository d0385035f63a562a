"""The relay beside a bare producer of the same records, and what a longer history costs it."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from pymongo.database import Database

from bench import ground
from bench.baselines.bare_producer import BareProducer
from bench.figures import REPEATS, Finding, Series, at_least, in_turn
from shared.messaging.kafka import KafkaLog, Topics, physical
from shared.messaging.outbox import FactOutbox, outgoing_of
from shared.messaging.relay import Relay, RelayPolicy, stamp
from shared.runtime import clock
from shared.runtime.settings import settings

ROWS = 2_000
FLOOR = 0.15
SHORT, LONG = 1_000, 50_000
PENDING = 1_000
LONGEST_GROWTH = 1.2


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


def measure_history() -> list[Finding]:
    """Milliseconds per row, and the read of a turn that finds nothing to do, behind a short and a long history."""
    with ground.engines(), ground.store("bench") as database:
        _make_topics()
        log = KafkaLog("bench-relay")
        relay = relay_over(log)
        per_row, idle = [], []
        for published in (SHORT, LONG):
            _fill_up(database, published)
            published_per_second(relay, database, 100)
            per_row.append(Series(tuple(1000 / published_per_second(relay, database, PENDING) for _ in range(REPEATS))))
            idle.append(Series(tuple(_idle_ms(relay) for _ in range(REPEATS))))
        log.close()
    return [
        _growth(f"relay, per row, {SHORT:,} and {LONG:,} published rows", *per_row),
        _growth(f"relay, idle step with guard, {SHORT:,} and {LONG:,} published rows", *idle),
    ]


def _growth(what: str, short: Series, long: Series) -> Finding:
    grown = long.median / short.median
    noisy = grown < 1 / LONGEST_GROWTH  # history makes nothing cheaper: the noise is larger than what is looked for
    return Finding(
        what,
        long.words(" ms", 2),
        short.words(" ms", 2),
        f"{grown:.2f}x",
        f"<= {LONGEST_GROWTH}x",
        None if noisy else grown <= LONGEST_GROWTH,
    )


def relay_over(log: KafkaLog) -> Relay:
    config = settings()
    policy = RelayPolicy(
        batch=config.relay_batch,
        window=timedelta(seconds=config.relay_window_seconds),
        overlap=timedelta(seconds=config.relay_overlap_seconds),
        margin=timedelta(seconds=config.resend_margin_seconds),
        guard_every=timedelta(seconds=config.relay_guard_seconds),
    )
    return Relay(FactOutbox(ground.TOPIC), log, policy, clock.now)


def published_per_second(relay: Relay, database: Database[dict[str, Any]], count: int) -> float:
    """From the first step to the mark of the last row; the rows are there before."""
    ground.insert(database, ground.rows(count))
    published = 0
    began = time.perf_counter()
    while published < count:
        published += relay.step().published
    return published / (time.perf_counter() - began)


def _idle_ms(relay: Relay) -> float:
    relay.doubt()
    began = time.perf_counter()
    while not relay.step().caught_up:
        pass
    return (time.perf_counter() - began) * 1000


def _fill_up(database: Database[dict[str, Any]], published: int) -> None:
    """Rows that were published long ago, until there are so many."""
    missing = published - database["outbox"].estimated_document_count()
    month = timedelta(days=30)
    for _ in range(0, missing, ground.SLICE):
        made = ground.rows(min(ground.SLICE, missing))
        for row in made:
            row["recorded_at"] -= month
        ground.insert(database, made, pending=False)


def _make_topics() -> None:
    topics = Topics()
    topics.create([ground.TOPIC, ground.BARE_TOPIC], [])
    topics.close()
