"""The private key of links that lies in clear is sealed. It stays the same: links that are on their way go on working."""

from __future__ import annotations

from typing import Any

from services.notifications.links.keys import link_keys
from services.notifications.links.model import SigningKey
from shared.domain.sealing import sealed


def apply(database: Any) -> None:
    rows = database[SigningKey._meta["collection"]]  # noqa: SLF001
    for row in rows.find({"private": {"$exists": True}}):
        kept = sealed(bytes(row["private"]), row["_id"], link_keys()).to_mongo()
        rows.update_one({"_id": row["_id"]}, {"$set": {"sealed_private": kept}, "$unset": {"private": ""}})
