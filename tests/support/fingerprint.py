"""Counts and hashes what commands write, so that a test can say that nothing changed."""

from __future__ import annotations

import hashlib

import bson

from shared.storage import connection

LOGS = frozenset({"access_log"})  # a refusal leaves its trace here, and nowhere else


def fingerprint() -> dict[str, tuple[int, str]]:
    """Count and hash of every collection that commands write."""
    found = {}
    database = connection.database()
    for name in sorted(database.list_collection_names()):
        if name in LOGS:
            continue
        rows = sorted(bson.encode(row, codec_options=database.codec_options) for row in database[name].find({}))
        found[name] = (len(rows), hashlib.sha256(b"".join(rows)).hexdigest())
    return found
