"""A person of an enterprise who takes part in training. Personal data: it leaves only as a party.

What a person allows decides what leaves: an address only with consent to be contacted, nothing while processing is
restricted. An erased person keeps an id, sex and role, so that counts stay true.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import ClassVar, NotRequired, TypedDict
from uuid import UUID

import mongoengine as me

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.errors import conflicting
from services.enrollment.people import consent
from services.enrollment.people.consent import Consent
from services.enrollment.people.errors import PERSON_ERASED, LegalHold
from shared.contracts.events.enrollment import ConsentChanged, ParticipantRegistered, PersonErased
from shared.contracts.parties import Party
from shared.contracts.values import Language, Role, Sex
from shared.contracts.wire.compacted import Tombstone
from shared.domain.aggregate import Aggregate
from shared.domain.external_ids import ExternallyNumbered, by_number
from shared.domain.lifecycle import Lifecycle, allow
from shared.domain.names import is_called, name_key, words_of
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for, rows_through


class NewParticipant(TypedDict):
    """The details of a person at registration."""

    name: str
    sex: Sex
    role: Role
    external_id: NotRequired[str]
    language: NotRequired[Language]
    email: NotRequired[str]
    phone: NotRequired[str]


class ParticipantChanges(TypedDict, total=False):
    """The details of a person that can be corrected; what is left out stays as it is."""

    name: str
    sex: Sex
    role: Role
    external_id: str | None
    language: Language
    email: str | None
    phone: str | None


class GivenConsent(TypedDict):
    """What the events of a person say: everything that this person consents to now."""

    participant_id: UUID
    enterprise_id: UUID
    purposes: tuple[str, ...]
    consent_version: str


class Participant(ExternallyNumbered, Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "participants"}
    INDEXES = (
        *by_time("provider_id"),
        index("enterprise_id", "name_key"),
        index("name_words"),
        index("provider_id", "name_words"),
        index("email"),
        index("phone"),
        by_number(),
    )
    LIFECYCLE = Lifecycle("active", {"erase": allow("active", to="erased")})

    enterprise_id = me.UUIDField(required=True, binary=True)
    provider_id = me.UUIDField(required=True, binary=True)
    name = me.StringField()
    name_key = me.StringField()
    name_words = me.ListField(me.StringField())
    sex = me.StringField(required=True)
    role = me.StringField(required=True)
    language = me.StringField(required=True, default="id")
    email = me.StringField()
    phone = me.StringField()
    consents = me.EmbeddedDocumentListField(Consent)
    restricted_at = me.DateTimeField()
    hold_reason = me.StringField()
    hold_until = me.DateField()
    erased_at = me.DateTimeField()
    state = me.StringField(required=True, default="active")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return the rows a principal sees; a trainer sees the people of the enterprises assigned to it."""
        if principal.role == "trainer" and principal.trainer:
            return rows_through("enterprise_id", Enterprise, trainer_ids=principal.trainer)
        return rows_for(principal, provider="provider_id", enterprise="enterprise_id")

    @property
    def purposes(self) -> tuple[str, ...]:
        """Return what this person's data may be used for now."""
        return () if self.restricted_at else consent.consented(self.consents)

    @property
    def restricted(self) -> bool:
        return self.restricted_at is not None

    def register(self) -> None:
        self._index_name()
        self.record(ParticipantRegistered(**self._consent(), sex=self.sex, role=self.role))

    def give(
        self, purposes: Iterable[str], *, text_version: str, given_by: str, given_on: date, by: UUID, at: datetime
    ) -> None:
        """Add consents; the first ones belong to the registration and are no change."""
        self._require_person()
        added = [purpose for purpose in purposes if purpose not in consent.consented(self.consents)]
        self.consents += consent.entries_for(
            added,
            text_version=text_version,
            given_by=given_by,
            given_on=given_on,
            by=by,
            at=at,
        )
        if added and self.version:
            self.record(ConsentChanged(**self._consent()))

    def withdraw(self, purposes: Iterable[str], *, by: UUID, at: datetime) -> None:
        self._require_person()
        ended = consent.withdraw(self.consents, purposes, by=by, at=at)
        if ended:
            self.record(ConsentChanged(**self._consent(), withdrawn=ended))

    def restrict(self, *, at: datetime) -> None:
        """Stop every use without forgetting anything; what was consented to holds again afterwards."""
        self._require_person()
        if self.restricted_at is None:
            suspended = self.purposes
            self.restricted_at = at
            self.record(ConsentChanged(**self._consent(), withdrawn=suspended))

    def lift_restriction(self) -> None:
        self._require_person()
        if self.restricted_at is not None:
            self.restricted_at = None
            self.record(ConsentChanged(**self._consent()))

    def correct(self, changes: ParticipantChanges) -> None:
        self._require_person()
        for name, value in changes.items():
            setattr(self, name, value)
        self._index_name()

    def hold(self, reason: str, until: date) -> None:
        """Keep this person's data until a day, whoever asks for their erasure: the law wants it."""
        self._require_person()
        self.hold_reason, self.hold_until = reason, until

    def release(self) -> None:
        self.hold_reason = self.hold_until = None

    def is_held(self, today: date) -> bool:
        return self.hold_until is not None and today <= self.hold_until

    def erase(self, today: date, *, by: UUID, at: datetime) -> None:
        """Forget the person; the row stays for the counts."""
        if self.is_held(today):
            raise LegalHold(self.hold_reason, self.hold_until)
        self.transition("erase")
        self.name = self.name_key = self.name_words = self.external_id = self.email = self.phone = None
        consent.withdraw(self.consents, consent.PURPOSES, by=by, at=at)
        self.release()
        self.erased_at = at
        self.record(PersonErased(person_id=self.id))

    def party(self) -> Party:
        reachable = "contact" in self.purposes
        return Party(
            party_id=self.id,
            version=self.version,
            kind="person",
            name=self.name,
            belongs_to=self.enterprise_id,
            roles=("participant",),
            email=self.email if reachable else None,
            phone=self.phone if reachable else None,
            language=self.language,
        )

    def forgotten(self) -> Tombstone:
        return Tombstone(key=self.id, version=self.version)

    def is_called(self, words: Iterable[str]) -> bool:
        """Return whether each of these is a word of the name, or the beginning of one."""
        return is_called(self.name_words, words)

    def _index_name(self) -> None:
        self.name_key = name_key(self.name)
        self.name_words = words_of(self.name_key)

    def _require_person(self) -> None:
        if self.state == "erased":
            raise conflicting(PERSON_ERASED)

    def _consent(self) -> GivenConsent:
        return {
            "participant_id": self.id,
            "enterprise_id": self.enterprise_id,
            "purposes": self.purposes,
            "consent_version": consent.latest_text(self.consents),
        }
