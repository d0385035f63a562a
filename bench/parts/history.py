"""What a longer history costs: the relay per row and when it finds nothing, a command, and a consumer with as many keys.

Two stores and two brokers, one with a short history and one with a long one, measured in turn and round by round: what
disturbs the machine disturbs both. Only one side works at a time.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pymongo.database import Database

from bench import ground
from bench.figures import Finding, Series, in_turn, ratios
from bench.parts.consumer import EFFECTS, upserting
from bench.parts.relay import published_per_second, relay_over
from services.enrollment.institutions.commands import register_institution
from services.enrollment.service import SERVICE
from shared.kernel import clock, ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from shared.messaging.inbox.runner import delivery_for
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.kafka.topics import Topics
from shared.messaging.outbox.events import outgoing_of
from shared.messaging.outbox.relay import Relay
from shared.messaging.ports import Incoming
from shared.storage import connection
from tests.support.engines import environment

SHORT, LONG = 1_000, 50_000
PENDING, BEFORE_IDLE, COMMANDS, RECORDS = 1_000, 30, 100, 500
ROUNDS, IDLE_ROUNDS = 9, 101
LONGEST_GROWTH = 1.2
GROUP = "bench.parts.history"
APART = timedelta(seconds=2)  # between two events of the history


@dataclass(slots=True)
class Side:
    """A store with so many published rows and cursors behind it, its broker, and a relay of its own."""

    chosen: Mapping[str, str]  # the settings that lead there
    log: KafkaLog
    relay: Relay

    @contextlib.contextmanager
    def at_work(self) -> Iterator[Database[dict[str, Any]]]:
        with environment(**self.chosen):
            connection.connect(SERVICE.name)
            connection.ping()  # nobody's clock waits for the connection
            yield connection.database()

    def row_ms(self) -> float:
        """Milliseconds in which the relay publishes a row."""
        with self.at_work() as database:
            return 1000 / published_per_second(self.relay, database, PENDING)

    def idle_ms(self) -> float:
        """Milliseconds of a turn that compares its topic and finds nothing to do.

        A comparison reads the batches in which the last rows were sent: other ones each time, so that their size is chance.
        """
        with self.at_work() as database:
            published_per_second(self.relay, database, BEFORE_IDLE)
            self.relay.doubt()
            began = time.perf_counter()
            while not self.relay.step().caught_up:
                pass
            return (time.perf_counter() - began) * 1000

    def command_ms(self) -> float:
        """Milliseconds of a command with one event, without HTTP; what it leaves is sent outside the clock."""
        with self.at_work(), acting_as(SYSTEM):
            began = time.perf_counter()
            for number in range(COMMANDS):
                register_institution(kind="private_provider", name=f"Lembaga Contoh {number}", province="ID-JB")
            took = time.perf_counter() - began
            while not self.relay.step().caught_up:
                pass
        return took * 1000 / COMMANDS

    def event_ms(self) -> float:
        """Milliseconds in which a group applies an event of a key that is new to it, in batches; the log is not read."""
        with self.at_work():
            delivery = delivery_for(upserting(GROUP), MongoInbox(GROUP))
            records = [_incoming(row, offset) for offset, row in enumerate(ground.rows(RECORDS))]
            batch = settings().batch_events
            began = time.perf_counter()
            for start in range(0, RECORDS, batch):
                results = delivery.deliver(delivery.decode(records[start : start + batch]))
                if set(results) != {"applied"}:
                    raise RuntimeError(f"not every record was applied: {sorted(set(results))}")
            return (time.perf_counter() - began) * 1000 / RECORDS


def measure(long: int = LONG) -> list[Finding]:
    with _side(SHORT) as few, _side(long) as many:
        for side in (few, many):  # what is only done once is not what is looked for
            side.row_ms(), side.idle_ms(), side.command_ms(), side.event_ms()
        return [
            _growth("relay, per row", long, in_turn(few.row_ms, many.row_ms, repeats=ROUNDS)),
            _growth("relay, idle step with guard", long, in_turn(few.idle_ms, many.idle_ms, repeats=IDLE_ROUNDS)),
            _growth(
                "command with one event, without HTTP", long, in_turn(few.command_ms, many.command_ms, repeats=ROUNDS)
            ),
            _growth("consumer, per event of a new key", long, in_turn(few.event_ms, many.event_ms, repeats=ROUNDS)),
        ]


def _growth(what: str, long: int, sides: list[Series]) -> Finding:
    short, grown = sides
    ratio = ratios(grown, short)
    noisy = (
        ratio.median < 1 / LONGEST_GROWTH
    )  # history makes nothing cheaper: the noise is larger than what is looked for
    return Finding(
        f"{what}, {SHORT:,} and {long:,} published rows",
        grown.words(" ms", 2),
        short.words(" ms", 2),
        ratio.words("x", 2),
        f"<= {LONGEST_GROWTH}x",
        None if noisy else ratio.median <= LONGEST_GROWTH,
    )


@contextlib.contextmanager
def _side(published: int) -> Iterator[Side]:
    with ground.engines(), ground.store("bench", EFFECTS) as database:
        topics = Topics()
        topics.create([ground.TOPIC], [])
        topics.close()
        _fill_up(database, published)
        chosen = {name: value for name, value in os.environ.items() if name.startswith("SCORE_")}
        log = KafkaLog("bench-relay")
        try:
            yield Side(chosen, log, relay_over(log))
        finally:
            with environment(**chosen):
                log.close()


def _fill_up(database: Database[dict[str, Any]], published: int) -> None:
    """Events of other keys, sent long ago, and a group's cursor for each of those keys.

    Copies of one row: to make each by its contract would take longer than to store it.
    """
    (pattern,) = ground.rows(1)
    newest = clock.now() - timedelta(days=30)
    for start in range(0, published, ground.SLICE):
        some = range(start, min(start + ground.SLICE, published))
        rows = [{**pattern, "_id": ids.new(), "key": ids.new(), "recorded_at": newest - n * APART} for n in some]
        database["outbox"].insert_many(rows, ordered=False)
        database["cursors"].insert_many([_cursor(row) for row in rows], ordered=False)


def _cursor(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "_id": f"{GROUP}|{ground.TOPIC}|{row['key']}", "group": GROUP, "topic": ground.TOPIC, "key": row["key"],
        "sequence": 1, "parked": 0, "recent": [[row["_id"], "0" * 32]],
    }  # fmt: skip


def _incoming(row: dict[str, Any], offset: int) -> Incoming:
    told = outgoing_of(row)
    return Incoming(ground.TOPIC, 0, offset, str(told.key).encode(), told.headers, told.value)
