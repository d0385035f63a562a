"""Letters whose sender died under the release before may have gone out: it did not store whether their text was begun."""

from __future__ import annotations

from typing import Any

from services.notifications.letters.model import Letter


def apply(database: Any) -> None:
    rows = database[Letter._meta["collection"]]  # noqa: SLF001
    for row in rows.find({"state": "sending"}):
        if "handed_over_at" not in row and "claim_id" not in row:
            rows.update_one({"_id": row["_id"]}, {"$set": {"handed_over_at": row["claimed_at"]}})
