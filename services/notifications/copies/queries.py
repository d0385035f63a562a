"""Reads what a letter said that went out."""

from __future__ import annotations

from uuid import UUID

from services.notifications.copies.model import Content, SentCopy
from services.notifications.letters.model import Letter
from services.notifications.links.keys import link_keys
from shared.domain.errors import NotFound
from shared.kernel.context import unscoped


def content_of(letter: Letter) -> Content | None:
    """Return what a letter said to its recipient; None for one that did not go out, or long ago, or to somebody erased."""
    with unscoped("who may see a letter may see what it said"):
        copy = SentCopy.find(letter.id)
    return None if copy is None else copy.content(link_keys())


def shown_content(letter_id: UUID) -> Content:
    """Return what a letter of the caller's said, or raise `NotFound` for one whose copy is not or no longer kept."""
    content = content_of(Letter.get(letter_id))
    if content is None:
        raise NotFound("SentCopy", letter_id)
    return content
