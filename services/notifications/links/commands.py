"""Issues signed links."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.notifications.links.model import LINKS, IssuedLink, SigningKey
from services.notifications.links.queries import signing_key
from services.notifications.settings import notification_settings
from shared.access.signed_links import Link, page_of
from shared.kernel import clock
from shared.storage.transaction import transactional


@transactional
def make_signing_key() -> None:
    """Make the key where there is none yet."""
    if SigningKey.find(LINKS) is None:
        SigningKey.made().save()


@transactional
def issue_link(*, purpose: str, subject_id: UUID, object_id: UUID) -> IssuedLink:
    """Issue a link by which one person may do one thing. Nothing of it is kept."""
    now = clock.now()
    expires_at = now + timedelta(days=notification_settings().link_days)
    return IssuedLink(signing_key().sign(Link(purpose, subject_id, object_id, expires_at), now), expires_at)


def letter_link(purpose: str, subject_id: UUID, object_id: UUID) -> str:
    """Return the address that stands in a letter, signed anew each time; part of the running transaction."""
    return page_of(purpose, issue_link(purpose=purpose, subject_id=subject_id, object_id=object_id).link)
