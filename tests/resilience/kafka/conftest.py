"""One embedded broker and one Apache Kafka cluster for the run, and the page that can be written from it.

These tests take minutes and need Java and Maven: they run with `-m kafka` alone (`make kafka-test`).
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from tests.resilience.kafka.brokers import Apache, Embedded
from tests.resilience.kafka.ground import Ground
from tests.resilience.kafka.probes import Answer
from tests.resilience.kafka.stage import QUICK, Stage, make_topics
from tests.resilience.kafka.table import BROKERS, PAGE, ROWS, page
from tests.support import toy
from tests.support.engines import environment
from tests.support.fixture_types import Stores

# It tells of every refused connection while a broker is dead, and what is logged keeps the refused sockets alive.
logging.getLogger("kafka").setLevel(logging.CRITICAL)

_seen: dict[tuple[str, str], Answer] = {}
_versions: dict[str, str] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--brokers-page", action="store_true", help="write docs/brokers.md from what the run saw")


@pytest.fixture(scope="session", params=BROKERS)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded | Apache]:
    running = (Embedded if request.param == "embedded" else Apache)(tmp_path_factory.mktemp(request.param))
    _versions[running.name] = running.version
    yield running
    running.stop()
    gc.collect()


@pytest.fixture
def ground(engine: Embedded | Apache) -> Iterator[Ground]:
    ground = Ground(engine)
    yield ground
    ground.close()
    gc.collect()  # the client leaves refused sockets to the collector, whose warnings belong to this test


@pytest.fixture
def stage(ground: Ground, store: Stores, tmp_path: Path) -> Iterator[Stage]:
    """The toy service on the broker, with topics and a group that only this test sees."""
    store(toy.SERVICE)
    around = {"SCORE_KAFKA": ground.engine.addresses, "SCORE_TOPIC_PREFIX": f"{ground.fresh_name('stage')}."}
    with environment(**around, **QUICK), acting_as(SYSTEM):
        make_topics()
        stage = Stage(ground, tmp_path)
        yield stage
        stage.end()


@pytest.fixture
def note() -> dict[tuple[str, str], Answer]:
    """Where a test leaves what it saw, by row and broker."""
    return _seen


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not session.config.getoption("--brokers-page"):
        return
    missing = [(row, broker) for row in ROWS for broker in BROKERS if (row, broker) not in _seen]
    if missing:
        print(f"\n{PAGE.name} was not written: {missing} were not seen")
    else:
        PAGE.write_text(page(_versions, _seen), encoding="utf-8")
        print(f"\n{PAGE.name} was written")
