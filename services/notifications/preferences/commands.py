"""Keeps what recipients chose."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.notifications.preferences.model import Preference
from services.notifications.preferences.queries import preference_of
from shared.kernel import clock
from shared.storage.transaction import transactional


@transactional
def opt_out(recipient_id: UUID) -> None:
    """Write no more letters to somebody than those that have to be; saying it again changes nothing."""
    preference = preference_of(recipient_id) or Preference(id=recipient_id)
    if preference.opted_out_at is None:
        preference.opt_out(clock.now())
        preference.save()


@transactional
def follow_consent(recipient_id: UUID, *, may_contact: bool) -> None:
    """Keep whether a person consents to be contacted, as the owner of consents said last."""
    preference = preference_of(recipient_id) or Preference(id=recipient_id)
    if preference.refuses_contact == may_contact:
        preference.refuses_contact = not may_contact
        preference.save()


@transactional
def forget_choice(recipient_id: UUID) -> None:
    """Drop the choice of somebody who was erased: nothing is written to them anyway."""
    preference = preference_of(recipient_id)
    if preference is not None:
        preference.delete()


def opted_out(recipient_ids: Iterable[UUID]) -> set[UUID]:
    """Return who of these wants no letters but those that have to be, or does not consent to them."""
    return {choice.id for choice in Preference.objects(id__in=list(recipient_ids)) if choice.wants_none}
