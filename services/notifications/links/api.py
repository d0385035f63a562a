"""Signed links over HTTP: issuing one, and the keys by which every service reads them."""

from __future__ import annotations

from typing import Any

from services.notifications.links import commands
from services.notifications.links.model import IssuedLink
from services.notifications.links.queries import public_keys
from services.notifications.links.schemas import IssuedLinkView, IssueLink, KeysView
from services.notifications.roles import PROGRAMME
from shared.access import access_log
from shared.access.permissions import PUBLIC
from shared.access.signed_links import KEYS_PATH
from shared.web.api.routes import Routes
from shared.web.fields import Body

links = Routes("links", description="Links by which somebody without an account may do one thing")


@links.post("/v1/links", permits=PROGRAMME, body=IssueLink, returns=IssuedLinkView, created=True, personal=True)
def issue_link(body: Body) -> IssuedLink:
    """Issue a link for a person, who reads in the access log that somebody else held it."""
    access_log.concerns(body["subject_id"])
    return commands.issue_link(**body)


@links.get(KEYS_PATH, permits=PUBLIC, returns=KeysView)
def show_keys() -> dict[str, Any]:
    return {"keys": public_keys()}
