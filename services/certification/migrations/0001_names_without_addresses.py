"""Of parties only the names of institutions are kept."""

from __future__ import annotations

from typing import Any


def apply(database: Any) -> None:
    contacts = database["contacts"]
    contacts.delete_many({"kind": {"$in": ["person", "enterprise"]}})
    contacts.update_many({"erased": {"$ne": True}}, {"$set": {"email": None, "phone": None}})
