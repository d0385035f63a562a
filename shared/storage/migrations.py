"""Numbered migrations, applied by command, once each, in order; a process refuses to start when one is pending.

A migration is `services/<name>/migrations/NNNN_what.py` with `apply(database)`, safe to run twice; one of what every store
holds stands in `shared/migrations` and comes before. Collections and indexes come first and need no migration of their own.
"""

from __future__ import annotations

import importlib
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pymongo.database import Database
from pymongo.errors import PyMongoError

from shared.kernel import clock
from shared.kernel.service import ROOT, Service
from shared.observability import logs
from shared.storage import connection, indexes

log = logs.get(__name__)
LEDGER = "migrations"
REST_SECONDS = 1.0
_NUMBERED = re.compile(r"\d{4}_[a-z0-9_]+$")


class NotMigrated(RuntimeError):
    """The store does not have what this code needs."""


def migrate(service: Service, collections: indexes.Collections) -> list[str]:
    """Bring the connected store up to this code; returns the names of the migrations applied."""
    database = connection.database()
    indexes.create(database, collections)
    applied = []
    for name, apply in _pending(service, database):
        apply(database)
        database[LEDGER].insert_one({"_id": name, "applied_at": clock.now()})
        applied.append(name)
        log.info("migration applied", migration=name)
    return applied


def problems(service: Service, collections: indexes.Collections) -> list[str]:
    database = connection.database()
    return indexes.missing(database, collections) + [f"migration {name}" for name, _ in _pending(service, database)]


def require(service: Service, collections: indexes.Collections) -> None:
    """Raise NotMigrated when the store lacks something; a store that does not answer is waited for."""
    while (lacking := _problems_if_it_answers(service, collections)) is None:
        time.sleep(REST_SECONDS)
    if lacking:
        raise NotMigrated(
            f"{service.name}: the store lacks {', '.join(lacking)}; run `python -m services.{service.name} migrate`"
        )


def _problems_if_it_answers(service: Service, collections: indexes.Collections) -> list[str] | None:
    try:
        return problems(service, collections)
    except PyMongoError as error:
        if not connection.is_to_blame(error):
            raise
        log.warning("store away, the start waits", error=type(error).__name__)
        return None


def _pending(service: Service, database: Database[dict[str, Any]]) -> list[tuple[str, Callable[..., None]]]:
    applied = {row["_id"] for row in database[LEDGER].find({}, {"_id": 1})}
    found = [
        *((f"platform {stem}", f"shared.migrations.{stem}") for stem in _numbered(ROOT / "shared")),
        *((stem, f"services.{service.name}.migrations.{stem}") for stem in _numbered(service.folder)),
    ]
    return [(name, importlib.import_module(module).apply) for name, module in found if name not in applied]


def _numbered(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "migrations").glob("*.py") if _NUMBERED.match(path.stem))
