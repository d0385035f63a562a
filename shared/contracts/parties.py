"""Parties: the one place where names and addresses of people travel, on compacted topics that can forget.

`repr` never shows personal data, so a party in a log line or an error message is only its id.
"""

from __future__ import annotations

from typing import ClassVar, Final, Literal, TypeAlias
from uuid import UUID

from msgspec.structs import replace

from shared.contracts.values import Language
from shared.contracts.wire.compacted import CompactedTopics, Entry
from shared.contracts.wire.shape import Code, Integer, PersonalText
from shared.reference.zones import WIB

PARTY_TYPE: Final = "id.score.contacts.party.v1"

PartyKind: TypeAlias = Literal["person", "enterprise", "institution"]
PartyRole: TypeAlias = Literal["contact", "billing", "approver", "trainer", "participant", "coordinator"]


class Party(Entry, personal=True):
    """Somebody who can be written to, and how."""

    TYPE: ClassVar[str] = PARTY_TYPE
    KEY: ClassVar[str] = "party_id"

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
    address: PersonalText | None = None

    def without_addresses(self) -> Party:
        return replace(self, email=None, phone=None, address=None)


CONTACTS: Final = CompactedTopics("score.contacts.", ("enrollment", "certification", "finance"), {PARTY_TYPE: Party})
