"""Keeps the register of partner institutions and of the people to write to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from services.enrollment.errors import refused
from services.enrollment.institutions.errors import UNKNOWN_CONTACT
from services.enrollment.institutions.model import Institution, InstitutionChanges, InstitutionContact
from services.enrollment.settings import enrollment_settings
from shared.contracts.events.enrollment import PersonErased
from shared.contracts.values import InstitutionKind, Language
from shared.contracts.wire.compacted import Tombstone
from shared.domain.errors import NotFound
from shared.erasure.progress import begin_erasure
from shared.kernel import clock
from shared.messaging.outbox.compacted import publish_party
from shared.storage.transaction import transactional
from shared.web import idempotency


class GivenContact(TypedDict):
    """A person to write to. One who is there already is known by `contact_id`."""

    name: str
    roles: Sequence[str]
    email: NotRequired[str]
    phone: NotRequired[str]
    language: NotRequired[Language]
    contact_id: NotRequired[UUID]


class NewInstitution(TypedDict):
    kind: InstitutionKind
    name: str
    province: str
    provinces: NotRequired[Sequence[str]]
    language: NotRequired[Language]
    languages: NotRequired[Sequence[Language]]
    email: NotRequired[str]
    phone: NotRequired[str]


@transactional
def register_institution(*, contacts: Sequence[GivenContact] = (), **described: Unpack[NewInstitution]) -> Institution:
    """Enter a partner institution in the register."""
    institution = Institution(**described, contacts=[InstitutionContact(**contact) for contact in contacts])
    institution.register()
    institution.save()
    _publish_parties(institution)
    return institution


@transactional
def correct_institution(
    institution_id: UUID, *, contacts: Sequence[GivenContact] | None = None, **changes: Unpack[InstitutionChanges]
) -> Institution:
    """Replace what is known of an institution by what is given. A contact keeps its id where it is given with it."""
    institution = Institution.get(institution_id)
    before = {contact.contact_id for contact in institution.contacts}
    for number, contact in enumerate(contacts or ()):
        if contact.get("contact_id") not in (None, *before):
            raise refused(f"/contacts/{number}/contact_id", UNKNOWN_CONTACT)
    replaced = None if contacts is None else [InstitutionContact(**contact) for contact in contacts]
    as_it_was = institution.snapshot()
    institution.correct(contacts=replaced, **changes)
    if institution.snapshot() == as_it_was:
        return institution
    institution.save()
    _publish_parties(institution)
    for gone in institution.forgotten(sorted(before)):
        _erase_everywhere(institution, gone.key)
    return institution


@transactional
def forget_institution_contact(institution_id: UUID, contact_id: UUID) -> Institution:
    """Erase a person of an institution here and, by a tombstone, everywhere."""
    institution = Institution.get(institution_id)
    remaining = [contact for contact in institution.contacts if contact.contact_id != contact_id]
    if len(remaining) == len(institution.contacts):
        raise NotFound("Contact", contact_id)
    institution.correct(contacts=remaining)
    return _publish_forgotten(institution, contact_id)


@transactional
def forget_institution_address(institution_id: UUID) -> Institution:
    """Forget an institution's own address and number, which may be a person's; a new version of the party says so."""
    institution = Institution.get(institution_id)
    institution.correct(email=None, phone=None)
    return _publish_forgotten(institution, institution_id)


@transactional
def suspend_institution(institution_id: UUID, reason: str) -> Institution:
    institution = Institution.get(institution_id)
    institution.suspend(reason)
    return institution.save()


@transactional
def restore_institution(institution_id: UUID) -> Institution:
    """Let a suspended institution take part again; every service lets its tokens in."""
    institution = Institution.get(institution_id)
    institution.restore()
    return institution.save()


def _publish_forgotten(institution: Institution, forgotten: UUID) -> Institution:
    institution.save()
    _publish_parties(institution)
    if forgotten == institution.id:
        idempotency.forget_own(forgotten)
        return institution
    _erase_everywhere(institution, forgotten)
    idempotency.forget(forgotten)
    return institution


def _erase_everywhere(institution: Institution, contact_id: UUID) -> None:
    """Tell every service to forget a person of an institution, and follow who has."""
    publish_party(Tombstone(key=contact_id, version=institution.version))
    due_at = clock.now() + timedelta(hours=enrollment_settings().hours_to_answer("erasure"))
    said = PersonErased(person_id=contact_id)
    begin_erasure(contact_id, due_at=due_at, institution_id=institution.id, event=said)


def _publish_parties(institution: Institution) -> None:
    for party in institution.parties():
        publish_party(party)
