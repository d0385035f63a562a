"""Of parties only names are kept, and of people only trainers'."""

from __future__ import annotations

from typing import Any


def apply(database: Any) -> None:
    contacts = database["contacts"]
    contacts.delete_many({"kind": "person", "roles": {"$ne": "trainer"}})
    contacts.update_many({"erased": {"$ne": True}}, {"$set": {"email": None, "phone": None}})
