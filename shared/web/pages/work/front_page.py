"""Draws `/` for browsers, the first page after the sign-in: one's own work; and the page of the addresses for systems."""

from __future__ import annotations

from flask import Response, g, make_response
from flask.typing import ResponseReturnValue

from shared.access import access_log
from shared.access.permissions import PUBLIC
from shared.kernel import clock
from shared.kernel.context import acting_as
from shared.kernel.message import gettext_noop
from shared.reference.zones import WIB
from shared.web.api.operations import READERS
from shared.web.pages.bar.bar import public_pages, reached_from_here, section_pages
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import render
from shared.web.pages.session.visitor import visitor
from shared.web.pages.work.gathering import gathered_work
from shared.web.pages.work.operation import show_work, work

SYSTEMS = Pages("systems", stored=False)


def first_page() -> Response:
    """Draw what waits for the visitor, or for whoever has not signed in what this is."""
    viewer = g.principal = visitor()
    if viewer is None:
        return make_response(render("front.html", public=public_pages()))
    with acting_as(viewer):
        gathered = gathered_work()
        access_log.note(viewer, show_work.__name__, work.name, None, "allowed")
        return make_response(render("work.html", gathered=gathered, sections=section_pages(), today=clock.today(WIB)))


@SYSTEMS.get("/systems", permits=PUBLIC, title=gettext_noop("For systems"))
def systems() -> ResponseReturnValue:
    return render("systems.html", platform=reached_from_here(), operators=READERS)
