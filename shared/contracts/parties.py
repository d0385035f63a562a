"""Parties: the one place where names and addresses travel, on compacted topics that can forget.

One topic per owner, key = party id, the newest version wins, a record without a value erases. A record that is sent again
because somebody asked names the requests that it answers. `repr` never shows personal data, so a party in a log line or
an error message is only its id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from msgspec.structs import replace

from shared.contracts.values import Language
from shared.contracts.wire.codec import decode, encode
from shared.contracts.wire.record import Attributes, Headers, Record, body_of, cloud_headers, ordered, schema_uri
from shared.contracts.wire.shape import Code, Contract, Integer, PersonalText, Undecodable
from shared.reference.zones import WIB

PARTY_TYPE: Final = "id.score.contacts.party.v1"
CONTACTS_TOPICS: Final = "score.contacts."
ANSWERS_HEADER: Final = "ce_answers"
MOST_ANSWERS: Final = 6  # requests that one record answers: what an attribute has room for
OWNERS: Final = ("enrollment", "certification", "finance")

PartyKind: TypeAlias = Literal["person", "enterprise", "institution"]
PartyRole: TypeAlias = Literal["contact", "billing", "approver", "trainer", "participant", "coordinator"]


class Party(Contract, personal=True):
    """Somebody who can be written to, and how."""

    party_id: UUID
    version: Integer
    kind: PartyKind
    name: PersonalText
    belongs_to: UUID | None = None
    roles: tuple[PartyRole, ...] = ()
    email: PersonalText | None = None
    phone: PersonalText | None = None
    language: Language = "id"
    province: Code | None = None
    zone: Code = WIB

    def without_addresses(self) -> Party:
        return replace(self, email=None, phone=None)

    def __repr__(self) -> str:
        return f"Party(party_id={self.party_id}, kind={self.kind}, version={self.version})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("party_id", self.party_id), ("kind", self.kind), ("version", self.version)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A party that is to be forgotten; `version` is above the last one that was published."""

    party_id: UUID
    version: int


def contacts_topic(owner: str) -> str:
    if owner not in OWNERS:
        raise ValueError(f"{owner} owns no parties")
    return f"{CONTACTS_TOPICS}{owner}"


def party_record(
    party: Party | Tombstone,
    *,
    owner: str,
    event_id: UUID,
    time: datetime,
    traceparent: str | None = None,
    answers: Sequence[UUID] = (),
) -> Record:
    """Make the record that publishes a version of a party, or the tombstone that erases it; `answers` are requests for it."""
    attributes = {
        "id": event_id,
        "type": PARTY_TYPE,
        "source": f"/score/{owner}",
        "dataschema": schema_uri(PARTY_TYPE) if isinstance(party, Party) else None,
        "time": time,
        "subject": party.party_id,
        "sequence": ordered(party.version),
        "partitionkey": party.party_id,
        "answers": ",".join(map(str, answers[-MOST_ANSWERS:])) or None,
    }
    body = encode(party) if isinstance(party, Party) else None
    return Record(str(party.party_id).encode(), cloud_headers(attributes, traceparent), body)


def party_version(key: bytes | None, headers: Headers) -> tuple[UUID, int]:
    """Read whom a record is about, and which version of it, whatever its body says; raises `Undecodable`."""
    attributes = Attributes(headers)
    if attributes.word("type") != PARTY_TYPE:
        raise Undecodable("not a party")
    return attributes.key(key), attributes.sequence()


def answers_of(headers: Headers) -> frozenset[UUID]:
    """Read which requests a record answers; raises `Undecodable`."""
    return Attributes(headers).ids("answers")


def party_from_body(party_id: UUID, version: int, value: bytes | None) -> Party | Tombstone:
    """Decode what a record whose headers say this holds; raises `Undecodable` for anything but a party or a tombstone."""
    if value is None:
        return Tombstone(party_id=party_id, version=version)
    party = decode(Party, body_of(value))
    if party.party_id != party_id or party.version != version:
        raise Undecodable("the body is another party or version than the headers")
    return party
