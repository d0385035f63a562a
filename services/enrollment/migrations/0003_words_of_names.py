"""The words of people's names, by which they are searched, of people who were registered before there was a search."""

from __future__ import annotations

from typing import Any

from shared.domain.names import words_of


def apply(database: Any) -> None:
    people = database["participants"]
    for row in people.find({"name_words": {"$exists": False}, "state": "active"}, {"name_key": 1}):
        people.update_one({"_id": row["_id"]}, {"$set": {"name_words": words_of(row.get("name_key"))}})
