"""A partner institution: the programme's register of who works with whom.

Its contacts are persons: each is a party of its own, and none of them is in an event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypedDict, Unpack
from uuid import UUID

import mongoengine as me

from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionRestored, InstitutionSuspended
from shared.contracts.parties import Party
from shared.contracts.values import Language
from shared.contracts.wire.compacted import Tombstone
from shared.domain.aggregate import Aggregate
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for

ROLES = ("contact", "billing", "approver")


class InstitutionContact(me.EmbeddedDocument):  # type: ignore[misc]
    """A person of an institution, and what for it is written to."""

    contact_id = me.UUIDField(required=True, binary=True, default=ids.new)
    name = me.StringField(required=True)
    roles = me.ListField(me.StringField(), required=True)
    email = me.StringField()
    phone = me.StringField()
    language = me.StringField(required=True, default="id")


class InstitutionChanges(TypedDict, total=False):
    """The details of an institution that can be corrected; what is left out stays as it is."""

    name: str
    provinces: Sequence[str]
    language: Language
    languages: Sequence[Language]
    email: str | None
    phone: str | None


class Institution(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "institutions"}
    INDEXES = (
        *by_time(),
        index("kind"),
    )
    LIFECYCLE = Lifecycle(
        "active", {"suspend": allow("active", to="suspended"), "restore": allow("suspended", to="active")}
    )

    kind = me.StringField(required=True)
    name = me.StringField(required=True)
    province = me.StringField(required=True)
    provinces = me.ListField(me.StringField())
    language = me.StringField(required=True, default="id")
    languages = me.ListField(me.StringField())
    email = me.StringField()
    phone = me.StringField()
    contacts = me.EmbeddedDocumentListField(InstitutionContact)
    state = me.StringField(required=True, default="active")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="_id", finance="_id")

    def register(self) -> None:
        self.provinces = _starting_with(self.province, self.provinces)
        self.languages = _starting_with(self.language, self.languages)
        self.record(InstitutionRegistered(institution_id=self.id, kind=self.kind, province=self.province))

    def correct(
        self, *, contacts: Sequence[InstitutionContact] | None = None, **changes: Unpack[InstitutionChanges]
    ) -> None:
        """Take over what is given; its seat stays among the provinces where it works."""
        for name, value in changes.items():
            setattr(self, name, value)
        if contacts is not None:
            self.contacts = list(contacts)
        self.provinces = _starting_with(self.province, self.provinces)
        self.languages = _starting_with(self.language, self.languages)

    def suspend(self, reason: str) -> None:
        self.transition("suspend")
        self.record(InstitutionSuspended(institution_id=self.id, reason=reason))

    def restore(self) -> None:
        self.transition("restore")
        self.record(InstitutionRestored(institution_id=self.id))

    def parties(self) -> list[Party]:
        """Return the institution itself and each of its contacts, at its present version."""
        return [self._party(), *(self._contact_party(contact) for contact in self.contacts)]

    def forgotten(self, before: Sequence[UUID]) -> list[Tombstone]:
        """Return the tombstones of contacts that were there before and are no longer."""
        kept_ids = {contact.contact_id for contact in self.contacts}
        return [Tombstone(key=contact_id, version=self.version) for contact_id in before if contact_id not in kept_ids]

    def _party(self) -> Party:
        return Party(
            party_id=self.id,
            version=self.version,
            kind="institution",
            name=self.name,
            roles=("contact", "billing"),
            email=self.email,
            phone=self.phone,
            language=self.language,
            province=self.province,
        )

    def _contact_party(self, contact: InstitutionContact) -> Party:
        return Party(
            party_id=contact.contact_id,
            version=self.version,
            kind="person",
            name=contact.name,
            belongs_to=self.id,
            roles=tuple(contact.roles),
            email=contact.email,
            phone=contact.phone,
            language=contact.language,
            province=self.province,
        )


def _starting_with(first: str, others: Sequence[str]) -> list[str]:
    return [first, *(other for other in dict.fromkeys(others) if other != first)]
