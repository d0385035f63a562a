"""Makes the key of links, and signs those that letters carry."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.links.keys import link_keys
from services.notifications.links.model import LINKS, SigningKey
from services.notifications.links.queries import signing_key
from services.notifications.settings import notification_settings
from shared.access.signed_links import Link, page_of
from shared.kernel import clock
from shared.storage.transaction import transactional


@transactional
def make_signing_key() -> None:
    """Make the key where there is none yet."""
    if SigningKey.find(LINKS) is None:
        SigningKey.made(link_keys()).save()


def letter_link(purpose: str, subject_id: UUID, object_id: UUID) -> str:
    """Return the address that stands in a letter, signed anew each time. Nothing of it is kept."""
    return link_made_at(clock.now(), purpose, subject_id, object_id, days=notification_settings().link_days)


def link_made_at(moment: datetime, purpose: str, subject_id: UUID, object_id: UUID, *, days: float) -> str:
    """Return the address that a link has which was made then, the same each time."""
    link = Link(purpose, subject_id, object_id, moment + timedelta(days=days))
    return page_of(purpose, signing_key().sign(link, moment, link_keys()))
