"""The keys by which every service reads signed links, over HTTP."""

from __future__ import annotations

from typing import Any

from services.notifications.links.queries import public_keys
from services.notifications.links.schemas import KeysView
from shared.access.permissions import PUBLIC
from shared.access.signed_links import KEYS_PATH
from shared.web.api.routes import Routes

links = Routes("links", description="The keys of links by which somebody without an account may do one thing")


@links.get(KEYS_PATH, permits=PUBLIC, returns=KeysView)
def show_keys() -> dict[str, Any]:
    return {"keys": public_keys()}
