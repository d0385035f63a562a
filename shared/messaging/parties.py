"""Looks parties up in the local copy: who to write to, in which language. Personal data.

One in doubt (`copies`) is written to by nobody, and shown without its addresses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypedDict, cast
from uuid import UUID

from shared.kernel.clock import BEGINNING
from shared.messaging.copies import PARTIES
from shared.messaging.ports import Doubt
from shared.storage import connection

NO_ADDRESSES: Final = {"email": None, "phone": None, "address": None}


class PartyRow(TypedDict):
    """The row of a party that was not erased."""

    kind: str
    name: str
    belongs_to: UUID | None
    roles: list[str]
    email: str | None
    phone: str | None
    address: str | None
    language: str
    province: str | None
    zone: str | None
    version: int


def claim_doubts(topics: Collection[str], now: datetime, again_at: datetime, most: int) -> list[Doubt]:
    """Return parties whose owners are to be asked now, and put off the next time; part of the running transaction."""
    rows = connection.database()[PARTIES]
    due = {"ask_at": {"$gte": BEGINNING, "$lte": now}, "doubted_on": {"$in": sorted(topics)}}
    found = list(rows.find(due, {"doubt": 1, "doubted_on": 1}).limit(most))
    if found:
        rows.update_many({"_id": {"$in": [row["_id"] for row in found]}}, {"$set": {"ask_at": again_at}})
    return [Doubt(row["doubt"], row["doubted_on"], row["_id"]) for row in found]


def forget(party_id: UUID) -> None:
    """Erase the copy of a party, whatever its owner's tombstone says and when it arrives; part of the running transaction."""
    rows = connection.database()[PARTIES]
    row = rows.find_one({"_id": party_id}) or {}
    erased = {"erased": True, "version": row.get("version", 0), "seen": row.get("seen", {})}
    rows.replace_one({"_id": party_id}, erased, upsert=True)


def find(party_id: UUID) -> PartyRow | None:
    """Return the row of a party that can be written to; None when it never arrived, was erased, or is in doubt."""
    row = connection.database()[PARTIES].find_one({"_id": party_id})
    return None if row is None or row.get("erased") or "doubt" in row else cast("PartyRow", row)


@dataclass(frozen=True, slots=True)
class Addressees:
    """What is known of some parties, for somebody who would write to them; who is in none of these never arrived."""

    known: Mapping[UUID, PartyRow]
    in_doubt: frozenset[UUID]
    erased: frozenset[UUID]


def find_addressees(party_ids: Iterable[UUID]) -> Addressees:
    """Find out at once who of many can be written to."""
    asked = list(set(party_ids))
    rows = list(connection.database()[PARTIES].find({"_id": {"$in": asked}})) if asked else []
    erased = frozenset(row["_id"] for row in rows if row.get("erased"))
    in_doubt = frozenset(row["_id"] for row in rows if "doubt" in row) - erased
    known = {row["_id"]: cast("PartyRow", row) for row in rows if row["_id"] not in erased | in_doubt}
    return Addressees(known, in_doubt, erased)


def is_in_doubt(party_id: UUID) -> bool:
    """Say whether its owner has yet to confirm what was said of a party."""
    row = connection.database()[PARTIES].find_one({"_id": party_id}, {"doubt": 1})
    return row is not None and "doubt" in row


def find_all(party_ids: Iterable[UUID]) -> dict[UUID, PartyRow]:
    """Return the rows of those parties that have arrived and are not erased; one in doubt without its addresses."""
    rows = connection.database()[PARTIES].find({"_id": {"$in": list(set(party_ids))}})
    return {row["_id"]: _shown(row) for row in rows if not row.get("erased")}


def belonging_to(owner_id: UUID | None, role: str) -> dict[UUID, PartyRow]:
    """Find the parties of an enterprise or institution, or of none, that play a role (`contact`, `billing`, `trainer`)."""
    rows = connection.database()[PARTIES].find({"belongs_to": owner_id})
    playing = (row for row in rows if role in row.get("roles", []) and not row.get("erased"))
    return {row["_id"]: _shown(row) for row in playing}


def of_kind(kind: str) -> dict[UUID, PartyRow]:
    """Find every party of a kind, of which there are few: institutions."""
    rows = connection.database()[PARTIES].find({"kind": kind})
    return {row["_id"]: _shown(row) for row in rows if not row.get("erased")}


def _shown(row: dict[str, Any]) -> PartyRow:
    return cast("PartyRow", {**row, **NO_ADDRESSES} if "doubt" in row else row)
