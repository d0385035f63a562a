"""Erasures are followed in rows of their own, and the names of trainers are kept without their addresses."""

from __future__ import annotations

from typing import Any


def apply(database: Any) -> None:
    people, erasures = database["participants"], database["erasures"]
    for person in people.find({"erased_at": {"$exists": True, "$ne": None}}):
        if erasures.find_one({"_id": person["_id"]}) is None:
            erasures.insert_one(_followed(person))
    people.update_many({}, {"$unset": {"erasure_due_at": "", "erasure_done": ""}})
    database["contacts"].update_many({"erased": {"$ne": True}}, {"$set": {"email": None, "phone": None}})


def _followed(person: dict[str, Any]) -> dict[str, Any]:
    erased_at = person["erased_at"]
    return {
        "_id": person["_id"],
        "version": 1,
        "sequence": 0,
        "created_at": erased_at,
        "updated_at": erased_at,
        "institution_id": person["provider_id"],
        "erased_at": erased_at,
        "due_at": person.get("erasure_due_at") or erased_at,
        "done": person.get("erasure_done", {}),
        "overdue": False,
        "state": "open",
    }
