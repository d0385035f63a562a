"""What enrollment can be asked about partner institutions and the module catalogue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.enrollment.errors import refused
from services.enrollment.institutions.model import Institution, InstitutionContact
from shared.contracts.parties import Tombstone
from shared.domain.errors import NotFound
from shared.messaging.outbox.parties import publish_party
from shared.storage.transaction import transactional
from shared.web import idempotency


@transactional
def register_institution(*, contacts: list[dict[str, Any]] | None = None, **described: Any) -> Institution:
    """A partner institution enters the register."""
    institution = Institution(**described, contacts=[InstitutionContact(**each) for each in contacts or []])
    institution.register()
    institution.save()
    _tell_all(institution)
    return institution


@transactional
def correct_institution(
    institution_id: UUID, *, contacts: list[dict[str, Any]] | None = None, **changes: Any
) -> Institution:
    """What is given takes the place of what was there. A contact keeps its id where it is given with it."""
    institution = Institution.get(institution_id)
    known = {contact.contact_id for contact in institution.contacts}
    if contacts is not None:
        for number, contact in enumerate(contacts):
            if contact.get("contact_id", None) not in (None, *known):
                raise refused(f"/contacts/{number}/contact_id", "unknown-contact")
        changes["contacts"] = [InstitutionContact(**each) for each in contacts]
    institution.correct(**changes)
    institution.save()
    _tell_all(institution)
    for gone in institution.forgotten(sorted(known)):
        publish_party(gone)
    return institution


@transactional
def forget_institution_contact(institution_id: UUID, contact_id: UUID) -> Institution:
    """A person of an institution withdraws, and is erased here and, by a tombstone, everywhere."""
    institution = Institution.get(institution_id)
    left = [contact for contact in institution.contacts if contact.contact_id != contact_id]
    if len(left) == len(institution.contacts):
        raise NotFound("Contact", contact_id)
    institution.correct(contacts=left)
    return _without(institution, contact_id)


@transactional
def forget_institution_address(institution_id: UUID) -> Institution:
    """An institution's own address and number, which may be a person's, are withdrawn; a new version of the party says so."""
    institution = Institution.get(institution_id)
    institution.correct(email=None, phone=None)
    return _without(institution, institution_id)


@transactional
def suspend_institution(institution_id: UUID, reason: str) -> Institution:
    institution = Institution.get(institution_id)
    institution.suspend(reason)
    return institution.save()


@transactional
def restore_institution(institution_id: UUID) -> Institution:
    """A suspended institution takes part again; every service lets its tokens in."""
    institution = Institution.get(institution_id)
    institution.restore()
    return institution.save()


def _without(institution: Institution, forgotten: UUID) -> Institution:
    institution.save()
    _tell_all(institution)
    if forgotten != institution.id:
        publish_party(Tombstone(party_id=forgotten, version=institution.version))
    idempotency.forget(forgotten)
    return institution


def _tell_all(institution: Institution) -> None:
    for party in institution.parties():
        publish_party(party)
