"""Uses of links are kept under keyed digests, and answers that were not published yet wait for others."""

from __future__ import annotations

from typing import Any

from pymongo import ReplaceOne

from services.enrollment.evaluations.model import UsedLink
from services.enrollment.settings import enrollment_settings

BEFORE = "used_links"


def apply(database: Any) -> None:
    used = [UsedLink.id_of(row["_id"]) for row in database[BEFORE].find({}, {"_id": 1})]
    if used:
        keyed = database[UsedLink._meta["collection"]]  # noqa: SLF001
        keyed.bulk_write([ReplaceOne({"_id": row_id}, {"_id": row_id}, upsert=True) for row_id in sorted(used)])
        database[BEFORE].delete_many({})
    evaluations, together = database["evaluations"], enrollment_settings().evaluation_least
    for row in evaluations.find({}):
        if 0 < len(row.get("answers", [])) < together:
            evaluations.update_one({"_id": row["_id"]}, {"$set": {"answers": [], "waiting": row["answers"]}})
