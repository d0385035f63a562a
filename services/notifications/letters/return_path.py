"""The address to which a letter comes back (VERP): it names the letter, and cannot be made up for another.

Whoever got a letter knows its own address only; so nobody can have others' addresses taken for dead.
"""

from __future__ import annotations

import re
from typing import Final
from uuid import UUID

from services.notifications.settings import notification_settings
from shared.kernel.keys import digest

MARK_BYTES: Final = 8
_TOKEN: Final = re.compile(r"\+([0-9a-f]{32})-([0-9a-f]{16})@", re.IGNORECASE)


def return_path(letter_id: UUID) -> str:
    local, _, domain = notification_settings().bounce_address.rpartition("@")
    return f"{local}+{letter_id.hex}-{_mark(letter_id)}@{domain}"


def letter_of(text: str) -> UUID | None:
    """Return the letter that an address in a text names, where we made the address."""
    for found in _TOKEN.finditer(text):
        letter_id = UUID(found[1])
        if _mark(letter_id) == found[2].lower():
            return letter_id
    return None


def _mark(letter_id: UUID) -> str:
    return digest("return path", letter_id.bytes)[:MARK_BYTES].hex()
