"""Ends letters to an address, and begins them again where somebody says that it works."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.notifications.letters.model import UNREACHED, Letter, address_id
from services.notifications.settings import notification_settings
from services.notifications.suppressions.model import Suppression
from shared.kernel import clock
from shared.messaging import parties
from shared.storage.transaction import transactional


@transactional
def suppress_address(*, recipient_id: UUID, address_id: UUID, institution_id: UUID | None, reason: str) -> None:
    """Send nothing more to an address of somebody; saying it again changes nothing."""
    suppression_id = Suppression.id_for(recipient_id, address_id)
    suppression = Suppression.find(suppression_id) or Suppression(
        id=suppression_id,
        recipient_id=recipient_id,
        address_id=address_id,
        institution_id=institution_id,
        reason=reason,
    )
    if suppression.state not in ("active", "forgotten"):
        suppression.begin(reason)
        suppression.save()


@transactional
def lift_suppression(suppression_id: UUID) -> Suppression:
    """Write to an address again, since a person says that it works; what waited while its news is fresh goes out."""
    suppression = Suppression.get(suppression_id)
    suppression.lift()
    suppression.save()
    contact, fresh_for = parties.find(suppression.recipient_id), notification_settings().fresh_for
    for letter in Letter.objects(recipient_id=suppression.recipient_id, state="suppressed", reason=UNREACHED):
        letter.address(contact, now=clock.now(), fresh_for=fresh_for)
        if letter.state == "queued":
            letter.save()
    return suppression


@transactional
def note_address(recipient_id: UUID, email: str | None) -> None:
    """End the work of finding an address for somebody where the owner has entered another, or none any more."""
    for suppression in Suppression.objects(recipient_id=recipient_id, state="active"):
        if email is None or suppression.address_id != address_id(email):
            suppression.replace()
            suppression.save()


@transactional
def forget_addresses(recipient_id: UUID) -> None:
    """Let go of which addresses of an erased recipient were refused."""
    for suppression in Suppression.objects(recipient_id=recipient_id):
        if suppression.state != "forgotten":
            suppression.forget_recipient()
            suppression.save()


def suppressed(address_ids: Iterable[UUID]) -> dict[UUID, Suppression]:
    """Return by address what says that nothing goes there, whoever's address it is."""
    return {
        row.address_id: row for row in Suppression.objects(address_id__in=list(address_ids)) if row.state == "active"
    }


def has_suppression(recipient_id: UUID, address_ids: Iterable[UUID]) -> bool:
    """Say whether one of these addresses of somebody was refused before."""
    known = set(address_ids)
    return any(row.address_id in known for row in Suppression.objects(recipient_id=recipient_id))
