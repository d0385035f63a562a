"""Makes the key of links, and signs those that letters carry."""

from __future__ import annotations

from datetime import timedelta
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
    now = clock.now()
    link = Link(purpose, subject_id, object_id, now + timedelta(days=notification_settings().link_days))
    return page_of(purpose, signing_key().sign(link, now, link_keys()))
