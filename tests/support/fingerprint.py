"""Counts and hashes what commands write, so that a test can say that nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

import bson

from shared.kernel.settings.current import settings
from shared.storage import connection, migrations
from tests.support.engines import pristine_rows
from tests.support.written import WRITTEN

LOGS = frozenset({"access_log"})  # a refusal leaves its trace here, and nowhere else
Figure = tuple[int, str]


def fingerprint() -> dict[str, Figure]:
    """Count and hash of every collection that commands write; one that nobody wrote to is not read, it is as migrated."""
    database = connection.database()
    service = database.name.removeprefix(f"{settings().database_prefix}_")
    written = WRITTEN.since_cleaned(database)
    found = {}
    for name in sorted(set(database.list_collection_names()) - LOGS):
        if written(name) or name == migrations.LEDGER or name not in pristine_rows(service):
            found[name] = _figure(database[name].find({}))
        else:
            found[name] = _pristine(service, name)
    return found


@cache
def _pristine(service: str, name: str) -> Figure:
    return _figure(pristine_rows(service)[name])


def _figure(rows: Iterable[dict[str, Any]]) -> Figure:
    options = connection.database().codec_options
    written = sorted(bson.encode(row, codec_options=options) for row in rows)
    return len(written), hashlib.sha256(b"".join(written)).hexdigest()
