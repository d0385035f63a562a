"""Looks up in the local copy what others have this service show: what modules are called, where a classroom takes place."""

from __future__ import annotations

from typing import TypedDict, cast
from uuid import UUID

from shared.contracts.reference import MODULE
from shared.messaging.copies import REFERENCES
from shared.storage import connection


class VenueRow(TypedDict):
    """The row of a classroom's place."""

    name: str
    address: str | None


def module_titles() -> dict[str, tuple[str, str]]:
    """Return what the newest version of each module is called in Indonesian and, where it has such a title, in English."""
    rows = connection.database()[REFERENCES].find({"kind": MODULE})
    newest = {row["module"]: row for row in sorted(rows, key=lambda row: row["module_version"])}
    return {
        module: (row["title_in_indonesian"], row["title_in_english"] or row["title_in_indonesian"])
        for module, row in newest.items()
    }


def venue_of(training_id: UUID) -> VenueRow | None:
    """Return where a classroom takes place; None where that was not told, or taken back."""
    row = connection.database()[REFERENCES].find_one({"_id": training_id})
    return None if row is None or row.get("erased") else cast("VenueRow", row)
