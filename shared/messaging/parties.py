"""The local copy of parties: who to write to, in which language. Personal data; an erased party leaves only its id.

Newest version wins, an erasure is final. A copy is kept once per service; each group remembers which versions it has
seen, so that every group that reacts to parties hears each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypedDict, cast
from uuid import UUID

from shared.contracts.parties import Party, Tombstone
from shared.storage import connection
from shared.storage.indexes import index

COLLECTIONS: dict[str, Any] = {"contacts": (index("belongs_to"),)}


class PartyRow(TypedDict):
    """The row of a party that was not erased."""

    kind: str
    name: str
    belongs_to: UUID | None
    roles: list[str]
    email: str | None
    phone: str | None
    language: str
    province: str | None
    zone: str | None
    version: int


def keep(group: str, party: Party | Tombstone) -> bool:
    """Keep what is newer than what this group has seen; part of the running transaction."""
    rows = connection.database()["contacts"]
    row = rows.find_one({"_id": party.party_id}) or {}
    versions: dict[str, int] = row.get("seen", {})
    slot = group.replace(".", "_")
    erased, is_erasure = row.get("erased", False), isinstance(party, Tombstone)
    if versions.get(slot, 0) >= party.version or (erased and not is_erasure):
        return False
    versions = {**versions, slot: party.version}
    if isinstance(party, Tombstone):  # each group hears of it, the copy is gone with the first
        row = {"erased": True, "version": party.version, "seen": versions}
    elif party.version >= row.get("version", 0):
        row = {**fields_of(party), "seen": versions}
    else:
        row = {**row, "seen": versions}
    row.pop("_id", None)
    rows.replace_one({"_id": party.party_id}, row, upsert=True)
    return True


def forget(party_id: UUID) -> None:
    """Erase the copy of a party, whatever its owner's tombstone says and when it arrives; part of the running transaction."""
    rows = connection.database()["contacts"]
    row = rows.find_one({"_id": party_id}) or {}
    erased = {"erased": True, "version": row.get("version", 0), "seen": row.get("seen", {})}
    rows.replace_one({"_id": party_id}, erased, upsert=True)


def find(party_id: UUID) -> PartyRow | None:
    """Return the party's row, or None when it never arrived or was erased."""
    row = connection.database()["contacts"].find_one({"_id": party_id})
    return None if row is None or row.get("erased") else cast("PartyRow", row)


def find_all(party_ids: Iterable[UUID]) -> dict[UUID, PartyRow]:
    """Return the rows of those parties that have arrived and are not erased."""
    rows = connection.database()["contacts"].find({"_id": {"$in": list(set(party_ids))}})
    return {row["_id"]: cast("PartyRow", row) for row in rows if not row.get("erased")}


def belonging_to(owner_id: UUID | None, role: str) -> dict[UUID, PartyRow]:
    """Find the parties of an enterprise or institution, or of none, that play a role (`contact`, `billing`, `trainer`)."""
    rows = connection.database()["contacts"].find({"belongs_to": owner_id})
    playing = (row for row in rows if role in row.get("roles", []) and not row.get("erased"))
    return {row["_id"]: cast("PartyRow", row) for row in playing}


def fields_of(party: Party) -> PartyRow:
    return {
        "kind": party.kind,
        "name": party.name,
        "belongs_to": party.belongs_to,
        "roles": list(party.roles),
        "email": party.email,
        "phone": party.phone,
        "language": party.language,
        "province": party.province,
        "zone": party.zone,
        "version": party.version,
    }
