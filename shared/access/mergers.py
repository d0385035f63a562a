"""Keeps, in every service, which registration of an enterprise that was registered twice stands for which.

A token that is bound to a registration which was given up works as the kept one. The web process reads the list again as
often as that of suspended institutions, so a merger holds everywhere soon after its event has arrived.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.contracts.events.enrollment import EnterprisesMerged
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.storage.remembered import Remembered

COLLECTION = "merged_enterprises"
COLLECTIONS: dict[str, Any] = {COLLECTION: ()}


def keep(event: EnterprisesMerged) -> None:
    row = {"kept_id": event.kept_id}
    connection.database()[COLLECTION].replace_one({"_id": event.merged_id}, row, upsert=True)


class MergerList:
    """The list of mergers as a web process remembers it."""

    def __init__(self) -> None:
        self._kept = Remembered(_kept_by_merged, lambda: settings().suspension_seconds)

    def kept_for(self, enterprise: UUID) -> UUID:
        """Return the registration that stands for this one now: itself, or the last of a row of mergers."""
        kept = self._kept()
        while enterprise in kept:  # a kept registration is never one that was given up, so this ends
            enterprise = kept[enterprise]
        return enterprise


def _kept_by_merged() -> dict[UUID, UUID]:
    return {row["_id"]: row["kept_id"] for row in connection.database()[COLLECTION].find({})}
