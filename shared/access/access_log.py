"""Logs who read personal data, and who was refused it: one row each in the collection `access_log`.

A row is written before the answer leaves, in the change's own transaction where there is one; when it cannot be written
there is no answer. Rows hold ids and roles, never the data itself. They tell of staff, and go after `SCORE_ACCESS_LOG_DAYS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g
from pymongo import IndexModel

from shared.kernel import clock, ids
from shared.kernel.clock import BEGINNING
from shared.kernel.context import current_trace
from shared.kernel.principal import Principal
from shared.storage import connection
from shared.storage.indexes import index
from shared.storage.transaction import current_batch, in_new_transaction, transactional

COLLECTION = "access_log"
COLLECTIONS: Mapping[str, tuple[IndexModel, ...]] = {
    COLLECTION: (index("object", "at"), index("institution", "at"), index("at"))
}


@transactional
def note(principal: Principal | None, action: str, kind: str, object_id: UUID | None, outcome: str) -> None:
    """Write a row; `outcome` is `allowed`, `forbidden` or `not_found`; `object_id` is None for a list."""
    current_batch().add(
        COLLECTION,
        {
            "_id": ids.new(),
            "at": clock.now(),
            "subject": principal.subject if principal else None,
            "issuer": principal.issuer if principal else None,
            "role": principal.role if principal else None,
            "institution": principal.institution if principal else None,
            "action": action,
            "kind": kind,
            "object": object_id,
            "outcome": outcome,
            "request": current_trace().request_id,
        },
    )


def readers_of(object_id: UUID, most: int) -> list[dict[str, Any]]:
    """Return the rows about an object, newest first, at most so many."""
    rows = connection.database()[COLLECTION].find({"object": object_id})
    return sorted(rows, key=lambda row: row["at"], reverse=True)[:most]


def forget(before: datetime, limit: int) -> int:
    """Drop rows older than a moment, at most so many; return how many went."""

    def work() -> int:
        rows = connection.database()[COLLECTION]
        old = [row["_id"] for row in rows.find({"at": {"$gte": BEGINNING, "$lt": before}}, {"_id": 1}).limit(limit)]
        return int(rows.delete_many({"_id": {"$in": old}}).deleted_count) if old else 0

    return in_new_transaction(work)


def concerns(person_id: UUID) -> None:
    """Have what this request does noted under this person, where its address names something else of theirs."""
    g.score_concerned = person_id


def concerned(path: Mapping[str, Any]) -> UUID | None:
    person_id: UUID | None = g.get("score_concerned")
    return person_id or object_of(path)


def object_of(path: Mapping[str, Any]) -> UUID | None:
    """Return the object that a route is about: the last id in its path."""
    path_ids = [value for value in path.values() if isinstance(value, UUID)]
    return path_ids[-1] if path_ids else None
