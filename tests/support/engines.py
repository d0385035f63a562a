"""One store and one broker for a whole test run, started by the controller before any of its workers exists.

Each worker has databases and topics of its own, found by prefix. All collections are made here, by one process: the
embedded store can hang when two connections create one. `pristine_*` databases hold what a migrated store holds and are
never written to; the clean-up between tests copies from them. The engines end with the controller, however it ends.

`SCORE_TEST_KAFKA` names a cluster that runs already: the tests then use it instead of an embedded broker, all but those
that have a broker of their own to wipe or stop.
"""

from __future__ import annotations

import importlib
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psutil
from pymongo.collection import Collection
from structlog.testing import capture_logs

from deploy.platform.ports import is_free
from deploy.runner.child import Child
from deploy.runner.console import Console
from deploy.runner.engines import Broker, Store
from deploy.runner.parent_watch import ParentWatch
from shared.kernel.service import Service, declared
from shared.kernel.settings.current import settings
from shared.process.collections import collections_of
from shared.storage import connection, migrations
from tests.support.written import WRITTEN

TESTS = Path(__file__).parents[1]
WITHOUT_ENGINES = ("resilience/faults", "resilience/simulation", "resilience/stack", "journeys")
ASKING = "_running_engines"  # the fixture through which a test asks for them
TOYS = ("tests.support.workshops", "tests.support.demo.cells", "tests.support.toy")
PRISTINE = "pristine"
PREFIX = "score-tests-"
CLUSTER = "SCORE_TEST_KAFKA"
OWN_BROKER = "own_broker"  # the fixture of tests that bring an embedded broker with them
SECONDS_TO_START = 60.0


def needed_by(arguments: Sequence[str], folder: Path) -> bool:
    """Whether pytest's arguments may name tests that need an engine: what a run in several processes knows beforehand."""
    return any(_needs_engines((folder / argument.partition("::")[0]).resolve()) for argument in arguments)


def _needs_engines(path: Path) -> bool:
    if not path.is_relative_to(TESTS) or path == TESTS:
        return True
    return not any(path.is_relative_to(TESTS / folder) for folder in WITHOUT_ENGINES)


def asked_for(items: Iterable[Any]) -> bool:
    """Whether any of these tests asks for the engines."""
    return any(ASKING in getattr(item, "fixturenames", ()) for item in items)


def services() -> Iterator[Service]:
    """The platform's services, and the toys of the tests."""
    yield from declared()
    for name in TOYS:
        yield importlib.import_module(name).SERVICE


class Engines:
    """A store and a broker on free ports, with a folder of their own that goes when they go."""

    def __init__(self) -> None:
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._log = (self.folder / "engines.log").open("w", encoding="utf-8")
        self._console, self._parent_watch = Console(self._log), ParentWatch()
        self._children: list[Child] = []
        self.store_url = self.broker_address = ""

    def start(self, *, store: bool = True, broker: bool = True) -> None:
        around: dict[str, Any] = {
            "environment": dict(os.environ),
            "folder": self.folder,
            "console": self._console,
            "parent_watch": self._parent_watch,
        }
        if store:
            self.store_url = self._started(lambda port: Store(port, self.folder, "256M", tier=0, **around)).url
        if broker:
            self.broker_address = self._started(lambda port: Broker(port, self.folder, tier=1, **around)).address

    def wipe_broker(self) -> None:
        """End the broker, and let another one with an empty log answer on its port."""
        (broker,) = (child for child in self._children if isinstance(child, Broker))
        broker.terminate()
        broker.finish(time.monotonic() + 10)
        shutil.rmtree(self.folder / "broker")
        (self.folder / "broker").mkdir()
        broker.start()
        deadline = time.monotonic() + SECONDS_TO_START
        while (missing := broker.answers()) is not None:
            if time.monotonic() > deadline:
                raise TimeoutError(missing)
            time.sleep(0.02)

    def stop_store(self) -> None:
        (store,) = (child for child in self._children if isinstance(child, Store))
        store.terminate()
        store.finish(time.monotonic() + 10)

    def stop(self) -> None:
        for child in reversed(self._children):
            child.terminate()
            child.finish(time.monotonic() + 10)
        self._parent_watch.close()
        self._console.close()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _started(self, make: Any) -> Any:
        """A port that was free a moment ago may be taken by now: then the child ends, and another port is tried."""
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            child = make(free_port())
            child.start()
            while (missing := child.answers()) is not None and child.alive and time.monotonic() < deadline:
                time.sleep(0.02)
            if missing is None:
                self._children.append(child)
                return child
            child.finish(time.monotonic())
            if time.monotonic() > deadline:
                raise TimeoutError(f"{missing}\n{(self.folder / 'engines.log').read_text(encoding='utf-8')}")


def free_port() -> int:
    """Below the range from which clients get theirs."""
    while not is_free(port := random.randrange(11000, 19000)):
        pass
    return port


def _sweep() -> None:
    """Remove the folders of runs that were killed; their engines have ended by themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def prepare(workers: Sequence[str]) -> None:
    """Make the databases of all workers, and the pristine ones."""
    found = list(services())
    for prefix in (PRISTINE, *map(database_prefix, workers)):
        with environment(SCORE_DATABASE_PREFIX=prefix), capture_logs():
            for service in found:
                connection.connect(service.name)
                migrations.migrate(service, collections_of(service))
            connection.disconnect()


def database_prefix(worker: str) -> str:
    return f"test_{worker}"


def topic_prefix(worker: str, run: str) -> str:
    """A cluster may have seen other runs."""
    return f"{Path(run).name}.{worker}."


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Settings for a while."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    settings.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        settings.cache_clear()


def clean(service: str) -> None:
    """Bring the connected database back to what a migrated one holds; rows only, never a collection."""
    database, kept = connection.database(), pristine_rows(service)
    written = WRITTEN.since_cleaned(database)
    for name, rows in kept.items():
        if name == migrations.LEDGER or not written(name):
            continue
        if rows:
            _restore(database[name], rows)
        else:
            database[name].delete_many({})
    WRITTEN.cleaned(database)


def _restore(collection: Collection[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> None:
    """Write what differs only: a collection may hold a thousand rows from the start."""
    found = {row["_id"]: row for row in collection.find({})}
    changed = [row for row in rows if found.get(row["_id"]) != row]
    gone = [*(found.keys() - {row["_id"] for row in rows}), *(row["_id"] for row in changed)]
    if gone:
        collection.delete_many({"_id": {"$in": gone}})
    if changed:
        collection.insert_many(changed)


@cache
def pristine_rows(service: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a database that was migrated and never used, by collection."""
    database = connection.client()[f"{PRISTINE}_{service}"]
    names = database.list_collection_names()
    if not names:
        raise LookupError(f"no database was made for {service}: engines.TOYS and services/ name those that have one")
    return {name: list(database[name].find({})) for name in names if not name.startswith("system.")}
