"""Calendars over HTTP, for calendar programs, which have no token: whoever has the private address reads it."""

from __future__ import annotations

from flask import Response

from services.notifications.calendars.model import CalendarAddress
from services.notifications.calendars.queries import PURPOSE, opened, text_of
from shared.access.permissions import PUBLIC
from shared.access.signed_links import PAGES, read_link
from shared.domain.errors import Invalid, NotFound
from shared.web.api.routes import Routes

TYPE = "text/calendar"

calendars = Routes("calendars", description="The trainings and visits of a trainer or provider, for calendar programs")


@calendars.get(f"{PAGES[PURPOSE][1]}/<signed>", permits=PUBLIC, produces=TYPE, tagged=True)
def show_calendar(signed: str) -> Response:
    kept = _opened(signed)
    if kept is None:
        raise NotFound("Calendar")
    headers = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex, nofollow"}
    return Response(text_of(kept), mimetype=TYPE, headers=headers)


def _opened(signed: str) -> CalendarAddress | None:
    """Return whose calendar an address opens; a program is told no more of one that opens none."""
    try:
        link = read_link(signed, PURPOSE, "")
    except Invalid:
        return None
    return opened(link.subject_id, link.object_id)
