"""Reads what a letter said that went out."""

from __future__ import annotations

from services.notifications.copies.model import Content, SentCopy
from services.notifications.letters.model import Letter
from services.notifications.links.keys import link_keys
from shared.kernel.context import unscoped


def content_of(letter: Letter) -> Content | None:
    """Return what a letter said to its recipient; None for one that did not go out, or long ago, or to somebody erased."""
    with unscoped("who may see a letter may see what it said"):
        copy = SentCopy.find(letter.id)
    return None if copy is None else copy.content(link_keys())
