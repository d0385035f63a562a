"""The local copy of parties: who to write to, in which language. Personal data; an erased party leaves only its id.

Newest version wins, an erasure is final. A copy is kept once per service; each group remembers which versions it has
seen, so that every group that reacts to parties hears each of them.

A version that is not the next one after what is known may be forged: nobody is written to at its address before the owner
has said the same, or something else, in answer to a request. Until then the row is in doubt. A copy without addresses, to
be shown only, is asked about by nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict, cast
from uuid import UUID

from shared.contracts.parties import Party, Tombstone
from shared.kernel import clock, ids
from shared.kernel.clock import BEGINNING
from shared.messaging.ports import Doubt, Heard
from shared.storage import connection
from shared.storage.indexes import index

COLLECTIONS: dict[str, Any] = {"contacts": (index("belongs_to"), index("ask_at", sparse=True))}


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


def keep(group: str, party: Party | Tombstone, heard: Heard) -> bool:
    """Keep what is newer than what this group has seen; part of the running transaction."""
    rows = connection.database()["contacts"]
    row = rows.find_one({"_id": party.party_id}) or {}
    after, is_news = received(row, group.replace(".", "_"), party, heard, clock.now())
    if after != row:
        rows.replace_one({"_id": party.party_id}, after, upsert=True)
    return is_news


def received(
    row: Mapping[str, Any], slot: str, party: Party | Tombstone, heard: Heard, now: datetime
) -> tuple[dict[str, Any], bool]:
    """Return a party's row after a record, and whether that is news to the group of this slot.

    A version is believed when it is the next one, or when the owner said it in answer to the request that the row names.
    Any other is kept in doubt, and whatever else comes meanwhile has the owner asked soon.
    """
    before = dict(row)
    seen: dict[str, int] = before.get("seen", {})
    is_answer = before.get("doubt") in heard.answers
    if not is_answer and (seen.get(slot, 0) >= party.version or (before.get("erased") and isinstance(party, Party))):
        return _asking(before, now), False
    if is_answer:  # each group hears of it anew
        seen = {group: min(version, party.version - 1) for group, version in seen.items()}
    seen = {**seen, slot: party.version}
    if isinstance(party, Tombstone):  # each group hears of it, the copy is gone with the first
        return {"erased": True, "version": party.version, "seen": seen}, True
    known, fields = before.get("version", 0), fields_of(party)
    is_next = party.version == known + 1 or (party.version > known and not heard.is_written_to)
    if is_answer or (is_next and "doubt" not in before):
        return {**fields, "seen": seen}, True
    if party.version < known:
        return _asking({**before, "seen": seen}, now), True
    if all(before.get(name) == value for name, value in fields.items()):
        return {**before, "seen": seen}, True
    doubt = {"doubt": before.get("doubt") or ids.new(), "doubted_on": heard.topic, "ask_at": now}
    return {**(fields if party.version > known else before), "seen": seen, **doubt}, True


def _asking(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {**row, "ask_at": now} if "doubt" in row else row


def claim_doubts(topics: Collection[str], now: datetime, again_at: datetime, most: int) -> list[Doubt]:
    """Return parties whose owners are to be asked now, and put off the next time; part of the running transaction."""
    rows = connection.database()["contacts"]
    due = {"ask_at": {"$gte": BEGINNING, "$lte": now}, "doubted_on": {"$in": sorted(topics)}}
    found = list(rows.find(due, {"doubt": 1, "doubted_on": 1}).limit(most))
    if found:
        rows.update_many({"_id": {"$in": [row["_id"] for row in found]}}, {"$set": {"ask_at": again_at}})
    return [Doubt(row["doubt"], row["doubted_on"], row["_id"]) for row in found]


def forget(party_id: UUID) -> None:
    """Erase the copy of a party, whatever its owner's tombstone says and when it arrives; part of the running transaction."""
    rows = connection.database()["contacts"]
    row = rows.find_one({"_id": party_id}) or {}
    erased = {"erased": True, "version": row.get("version", 0), "seen": row.get("seen", {})}
    rows.replace_one({"_id": party_id}, erased, upsert=True)


def find(party_id: UUID) -> PartyRow | None:
    """Return the row of a party that can be written to; None when it never arrived, was erased, or is in doubt."""
    row = connection.database()["contacts"].find_one({"_id": party_id})
    return None if row is None or row.get("erased") or "doubt" in row else cast("PartyRow", row)


def is_in_doubt(party_id: UUID) -> bool:
    """Say whether its owner has yet to confirm what was said of a party."""
    row = connection.database()["contacts"].find_one({"_id": party_id}, {"doubt": 1})
    return row is not None and "doubt" in row


def find_all(party_ids: Iterable[UUID]) -> dict[UUID, PartyRow]:
    """Return the rows of those parties that have arrived and are not erased; one in doubt without its addresses."""
    rows = connection.database()["contacts"].find({"_id": {"$in": list(set(party_ids))}})
    return {row["_id"]: _shown(row) for row in rows if not row.get("erased")}


def belonging_to(owner_id: UUID | None, role: str) -> dict[UUID, PartyRow]:
    """Find the parties of an enterprise or institution, or of none, that play a role (`contact`, `billing`, `trainer`)."""
    rows = connection.database()["contacts"].find({"belongs_to": owner_id})
    playing = (row for row in rows if role in row.get("roles", []) and not row.get("erased"))
    return {row["_id"]: _shown(row) for row in playing}


def _shown(row: dict[str, Any]) -> PartyRow:
    return cast("PartyRow", {**row, "email": None, "phone": None} if "doubt" in row else row)


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
