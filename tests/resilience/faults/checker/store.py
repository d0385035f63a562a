"""Reads the databases of a platform, by the names of its collections and fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pymongo import MongoClient

Row = dict[str, Any]
OPEN = ("failed", "waiting", "gap")


class Store:
    def __init__(self, url: str, prefix: str) -> None:
        self._client: MongoClient[Row] = MongoClient(
            url, uuidRepresentation="standard", serverSelectionTimeoutMS=2000, socketTimeoutMS=20_000
        )
        self._prefix = prefix

    def rows(
        self, service: str, collection: str, query: Row | None = None, fields: Sequence[str] | None = None
    ) -> list[Row]:
        """Whole, or only `fields` of them."""
        return list(self._client[f"{self._prefix}_{service}"][collection].find(query or {}, fields))

    def count(self, service: str, collection: str, query: Row | None = None) -> int:
        return self._client[f"{self._prefix}_{service}"][collection].count_documents(query or {})

    def collections(self, service: str) -> list[str]:
        return sorted(self._client[f"{self._prefix}_{service}"].list_collection_names())

    def pending(self, service: str) -> int:
        """Rows that the broker has not acknowledged, as far as this service has them."""
        unsent: Row = {"pending_at": {"$exists": True}}
        compacted = sum(self.count(service, outbox, unsent) for outbox in ("contact_outbox", "reference_outbox"))
        return self.count(service, "pending") + compacted

    def unaddressed(self) -> int:
        """Recipients that a letter waits for although their addresses are there: a timer looks for those."""
        waiting = {
            row["recipient_id"] for row in self.rows("notifications", "letters", {"state": "waiting_for_contact"})
        }
        return self.count("notifications", "contacts", {"_id": {"$in": list(waiting)}, "erased": {"$ne": True}})

    def streams(self, service: str) -> dict[str, list[Row]]:
        """The outbox of a service: per key its rows in the order of their sequence."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(service, "outbox", fields=("key", "sequence", "type")):
            found[str(row["key"])].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: row["sequence"])
        return dict(found)

    def parked(self, service: str) -> dict[str, Row]:
        """What is parked and was not discarded, by its id."""
        found = self._client[f"{self._prefix}_{service}"]["parked"].find(
            {}, {"value": 0, "headers": 0, "record_key": 0}
        )
        return {row["_id"]: row for row in found if row["reason"] in OPEN}

    def cursors(self, service: str, group: str) -> dict[tuple[str, str], Row]:
        return {(row["topic"], str(row["key"])): row for row in self.rows(service, "cursors", {"group": group})}

    def lease_holder(self, service: str, lease: str) -> str:
        return str(self.lease(service, lease)["holder"])

    def lease(self, service: str, lease: str) -> dict[str, Any]:
        rows = self.rows(service, "leases", {"_id": lease})
        return rows[0] if rows else {"holder": "", "token": 0, "renewals": 0}

    def forget_group(self, service: str, group: str, collections: list[str]) -> None:
        """As if the group had never been: its memory and the rows it made are gone."""
        database = self._client[f"{self._prefix}_{service}"]
        for name in ("cursors", "parked"):
            database[name].delete_many({"group": group})
        database["groups"].delete_many({"_id": group})
        for name in collections:
            database[name].delete_many({})

    def close(self) -> None:
        self._client.close()
