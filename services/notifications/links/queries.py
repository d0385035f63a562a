"""Gives out the keys by which others read links."""

from __future__ import annotations

from services.notifications.links.model import SigningKey
from shared.kernel.context import seeing_everything


def public_keys() -> list[dict[str, str]]:
    with seeing_everything():
        return [key.public for key in SigningKey.objects]
