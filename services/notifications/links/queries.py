"""Reads the keys of links: the one that signs, and those by which others read links."""

from __future__ import annotations

from services.notifications.links.keys import link_keys
from services.notifications.links.model import LINKS, SigningKey
from shared.kernel.context import unscoped


def signing_key() -> SigningKey:
    with unscoped("signing needs the key that no caller reads"):
        return SigningKey.get(LINKS)


def public_keys() -> list[dict[str, str]]:
    with unscoped("only the public half of a key is given out"):
        return [key.public(link_keys()) for key in SigningKey.objects]
