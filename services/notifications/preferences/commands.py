"""Keeps what recipients chose."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.notifications.preferences.model import Preference
from services.notifications.preferences.queries import preference_of
from services.notifications.preferences.topics import Topic
from shared.domain.errors import NotFound
from shared.kernel import clock
from shared.messaging import parties
from shared.storage.transaction import transactional


@transactional
def opt_out(recipient_id: UUID) -> None:
    """Write no more letters to somebody than those that have to be; saying it again changes nothing."""
    preference = _choice_of(recipient_id)
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
def choose_letters(recipient_id: UUID, *, topics: Sequence[Topic], language: str | None = None) -> None:
    """Write the letters of these topics to somebody, in this language; without one, in the register's."""
    preference = _choice_of(recipient_id)
    preference.choose(topics, language, clock.now())
    preference.save()


@transactional
def forget_choice(recipient_id: UUID) -> None:
    """Drop the choice of somebody who was erased: nothing is written to them anyway."""
    preference = preference_of(recipient_id)
    if preference is not None:
        preference.delete()


def _choice_of(recipient_id: UUID) -> Preference:
    """Return the choice to be changed. Whoever was erased leaves none behind, though links to it are still out."""
    if recipient_id in parties.find_addressees([recipient_id]).erased:
        raise NotFound("Preference", recipient_id)
    return preference_of(recipient_id) or Preference(id=recipient_id)
