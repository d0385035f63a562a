"""Numbered migrations, applied by command, once each, in order; a process refuses to start when one is pending.

A migration is `services/<name>/migrations/NNNN_what.py` with `apply(database)`, safe to run twice. Collections and
indexes come first and need no migration of their own.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any

from pymongo.database import Database

from shared.kernel import clock
from shared.kernel.service import Service
from shared.observability import logs
from shared.storage import connection, indexes

log = logs.get(__name__)
LEDGER = "migrations"
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
    lacking = problems(service, collections)
    if lacking:
        raise NotMigrated(
            f"{service.name}: the store lacks {', '.join(lacking)}; run `python -m services.{service.name} migrate`"
        )


def _pending(service: Service, database: Database[dict[str, Any]]) -> list[tuple[str, Callable[..., None]]]:
    names = sorted(p.stem for p in (service.folder / "migrations").glob("*.py") if _NUMBERED.match(p.stem))
    applied = {row["_id"] for row in database[LEDGER].find({}, {"_id": 1})} if names else set()
    return [
        (name, importlib.import_module(f"services.{service.name}.migrations.{name}").apply)
        for name in names
        if name not in applied
    ]
