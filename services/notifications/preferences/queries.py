"""Reads what recipients chose."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.notifications.preferences.model import Preference
from services.notifications.preferences.topics import TOPICS, Topic
from shared.kernel.context import unscoped
from shared.messaging.parties import PartyRow


def preference_of(recipient_id: UUID) -> Preference | None:
    with unscoped("whoever comes by a signed link is the one whose choice it is"):
        return Preference.find(recipient_id)


def refused_topics(recipient_ids: Iterable[UUID]) -> dict[UUID, frozenset[Topic]]:
    """Return which letters these do not want, or do not consent to."""
    return {
        choice.id: frozenset(TOPICS) if choice.refuses_contact else choice.refused_topics
        for choice in Preference.objects(id__in=list(recipient_ids))
    }


def as_chosen(contact: PartyRow | None, recipient_id: UUID) -> PartyRow | None:
    """Return a contact with the language that the recipient chose, which goes before the register's."""
    choice = preference_of(recipient_id) if contact is not None else None
    if contact is None or choice is None or not choice.language:
        return contact
    return {**contact, "language": choice.language}
