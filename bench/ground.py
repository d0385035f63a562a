"""Engines, stores and topics of a run; nothing of it remains."""

from __future__ import annotations

import os
import random
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from kafka.admin import KafkaAdminClient
from pymongo import MongoClient
from pymongo.database import Database

from deploy.platform.ports import is_free
from services.enrollment.service import SERVICE
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.domain.outbox_rows import row_of
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.service import ROOT
from shared.kernel.settings.current import settings
from shared.messaging.outbox.events import slices
from shared.process.collections import collections_of
from shared.storage import connection, migrations
from shared.storage.indexes import index
from tests.support.engines import Engines, environment

OTHER_BROKER, OTHER_STORE = "SCORE_BENCH_KAFKA", "SCORE_BENCH_MONGO"
TOPIC = SERVICE.event_topic
BARE_TOPIC = "bench.bare"
SLICE = 1_000
SECONDS_TO_START = 30.0
SECONDS_TO_STOP = 60.0  # the platform ends its processes one after the other


@contextmanager
def engines(*, broker: bool = True) -> Iterator[Engines]:
    """A store and a broker that only this part of the run uses, as the embedded run starts them.

    Where `SCORE_BENCH_KAFKA` or `SCORE_BENCH_MONGO` names another one it is used in place of the embedded one, with topics
    and databases of this part's own that go afterwards.
    """
    running, mine = Engines(), f"bench{secrets.token_hex(4)}"
    kafka, mongo = os.environ.get(OTHER_BROKER, "") if broker else "", os.environ.get(OTHER_STORE, "")
    try:
        running.start(store=not mongo, broker=broker and not kafka)
        running.store_url = mongo or running.store_url
        running.broker_address = kafka or running.broker_address
        addresses = {"SCORE_MONGO_URL": running.store_url, "SCORE_KAFKA": running.broker_address}
        with environment(SCORE_TOPIC_PREFIX=f"{mine}.", SCORE_DATABASE_PREFIX=mine, **addresses):
            yield running
    finally:
        if kafka:
            _remove_topics(kafka, mine)
        if mongo:
            _remove_databases(mongo, mine)
        running.stop()


def _remove_topics(addresses: str, prefix: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=addresses.split(","))
    try:
        mine = [name for name in admin.list_topics() if name.startswith(prefix)]
        if mine:
            admin.delete_topics(mine)
    finally:
        admin.close()


def described(url: str) -> str:
    """What the server at an address calls itself."""
    with MongoClient[dict[str, Any]](url) as client:
        told = client.admin.command("buildInfo")
    own = told.get("secantusVersion")
    name = f"SecantusDB {own}" if own else f"MongoDB {told['version']}"
    return f"{name} (built with {told['buildEnvironment']['cc']})"


def _remove_databases(url: str, prefix: str) -> None:
    with MongoClient[dict[str, Any]](url) as client:
        for name in client.list_database_names():
            if name.startswith(prefix):
                client.drop_database(name)


@contextmanager
def store(part: str, *collections: str) -> Iterator[Database[dict[str, Any]]]:
    """A migrated store of enrollment; `collections` are made beside its own, each with one index."""
    with at(part) as database:
        migrations.migrate(SERVICE, collections_of(SERVICE))
        for name in collections:
            database.create_collection(name)
            database[name].create_indexes([index("at")])
        yield database


@contextmanager
def at(part: str) -> Iterator[Database[dict[str, Any]]]:
    """A store that was made before."""
    with environment(SCORE_DATABASE_PREFIX=f"{settings().database_prefix}_{part}"):
        connection.connect(SERVICE.name)
        try:
            yield connection.database()
        finally:
            connection.disconnect()


def rows(count: int, *, per_key: int = 1) -> list[dict[str, Any]]:
    """Outbox rows of events recorded just now; those of one key follow each other."""
    made = []
    with acting_as(SYSTEM):
        for _ in range(count // per_key):
            key = ids.new()
            made += [
                row_of(event_of(key, number), aggregate_id=key, sequence=number) for number in range(1, per_key + 1)
            ]
    return made


def event_of(key: UUID, sequence: int) -> InstitutionRegistered | InstitutionSuspended:
    if sequence > 1:
        return InstitutionSuspended(institution_id=key, reason="audit")
    return InstitutionRegistered(institution_id=key, kind="private_provider", province="ID-JB")


def insert(database: Database[dict[str, Any]], rows: Sequence[dict[str, Any]], *, pending: bool = True) -> None:
    for some in slices(rows, SLICE):
        database["outbox"].insert_many(some, ordered=False)
        if pending:
            database["pending"].insert_many(
                [{"_id": row["_id"], "at": row["recorded_at"]} for row in some], ordered=False
            )


def free_port() -> int:
    """Below the range from which clients get theirs."""
    while not is_free(port := random.randrange(11_000, 19_000)):
        pass
    return port


@contextmanager
def process(
    command: Sequence[str], changed: Mapping[str, str], log: Path, environment: Mapping[str, str] = os.environ
) -> Iterator[subprocess.Popen[bytes]]:
    """A program in the checkout's folder, ended with the block. Its output goes to `log`."""
    with log.open("wb") as out:
        started = subprocess.Popen(command, cwd=ROOT, env={**environment, **changed}, stdout=out, stderr=out)
        try:
            yield started
        finally:
            started.terminate()
            try:
                started.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()


def await_port(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            if running.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError(f"nothing answers on {port}:\n{log.read_text(errors='replace')}") from None
            time.sleep(0.05)
