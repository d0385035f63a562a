"""The engines of the run, and what every test against them needs: a clean store, topics of its own, a principal."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypotheses
from pymongo.database import Database

from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from shared.kernel.service import Service
from shared.kernel.settings.current import settings
from shared.storage import connection
from tests.support import engines
from tests.support.fixture_types import Stores
from tests.support.monitor import MONITOR
from tests.support.written import WRITTEN

if TYPE_CHECKING:
    from tests.support.broker import Broker


pytest_plugins = (
    "tests.support.browser",
    "tests.support.node",
    "tests.support.lanes",
    "tests.support.contract.hook",
)  # the third imports those before it

RUNNING = "SCORE_TEST_ENGINES"

_numbers = itertools.count(1)

hypotheses.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])  # no timed assertions

hypotheses.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    if not config.pluginmanager.has_plugin("tests.support.contract.hook"):
        raise pytest.UsageError("no test runs without the hook that holds answers against the document")
    worker = getattr(config, "workerinput", {}).get("workerid")
    if worker is None:
        os.environ.pop(RUNNING, None)
        # several processes collect by themselves, and must find the engines then
        in_several = bool(config.getoption("tx", None))
        if in_several and not _only_looks(config) and engines.needed_by(config.args, config.invocation_params.dir):
            _start_engines(config)
    _use_engines(worker or "gw0")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """A run in one process starts the engines when it has found a test that asks for them."""
    config = session.config
    if RUNNING in os.environ or hasattr(config, "workerinput") or _only_looks(config):
        return
    if engines.asked_for(session.items):
        _start_engines(config)
        _use_engines("gw0")


def _only_looks(config: pytest.Config) -> bool:
    option = config.option
    return bool(option.collectonly or option.showfixtures or option.show_fixtures_per_test)


def _use_engines(worker: str) -> None:
    if RUNNING in os.environ:
        os.environ["SCORE_DATABASE_PREFIX"] = engines.database_prefix(worker)
        os.environ["SCORE_TOPIC_PREFIX"] = engines.topic_prefix(worker, os.environ[RUNNING])
        settings.cache_clear()


def _start_engines(config: pytest.Config) -> None:
    running = engines.Engines()
    config.add_cleanup(running.stop)
    cluster = os.environ.get(engines.CLUSTER, "")
    running.start(broker=not cluster)
    os.environ |= {"SCORE_MONGO_URL": running.store_url, "SCORE_KAFKA": cluster or running.broker_address}
    WRITTEN.engines_run()
    os.environ[RUNNING] = str(running.folder)
    engines.prepare([f"gw{number}" for number in range(max(1, len(config.getoption("tx", []) or [])))])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if getattr(config.option, "loadgroup", False):  # in a worker of xdist, which names the group behind the test
        scattered = [item for item in items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid]
        assert not scattered, f"pytest-xdist and this pytest do not keep groups together: {scattered}"
    if not os.environ.get(engines.CLUSTER):
        return
    for item in items:
        if engines.OWN_BROKER in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=f"{item.name} has an embedded broker that it wipes or stops"))


@pytest.fixture(scope="session")
def _running_engines() -> None:
    if RUNNING not in os.environ:
        pytest.fail(f"this test needs the engines: it must not lie in {', '.join(engines.WITHOUT_ENGINES)}")


@pytest.fixture
def store(_running_engines: None) -> Iterator[Stores]:
    """`store("finance")` connects this process to a service's store, which is as migrated when first used in a test."""
    cleaned = set()

    def connected(service: Service | str) -> Database[dict[str, Any]]:
        name = service if isinstance(service, str) else service.name
        connection.connect(name)
        if name not in cleaned:
            engines.clean(name)
            cleaned.add(name)
        return connection.database()

    yield connected
    connection.disconnect()


@pytest.fixture
def broker(_running_engines: None) -> Iterator[Broker]:
    """The broker, with topics and groups that only this test sees."""
    from tests.support.broker import Broker  # the broker's client takes a moment that unit tests need not pay

    prefix = f"{settings().topic_prefix}{next(_numbers)}."
    with engines.environment(SCORE_TOPIC_PREFIX=prefix):
        broker = Broker(settings().kafka, prefix)
        broker.create_topics()
        yield broker
        broker.close()


@pytest.fixture
def every_write_in_a_transaction(store: Stores) -> Iterator[None]:
    """Fails the test when a write of it escaped its transaction. The access log is written beside, on purpose."""
    MONITOR.watch()
    yield
    MONITOR.finish(allowed={"access_log"})


@pytest.fixture
def as_principal() -> Callable[..., AbstractContextManager[Principal]]:
    """`with as_principal("provider", institution=...):` acts as somebody of that role."""

    def acting(role: str, subject: str = "", **bound: Any) -> AbstractContextManager[Principal]:
        return acting_as(Principal(subject=subject or f"{role}-1", role=role, issuer="test", **bound))

    return acting
