"""My calendar: the private address at which a trainer's or a provider's trainings are read by a calendar program."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.notifications.calendars import commands
from services.notifications.calendars.queries import address_of, holder_id_of, kept_address
from services.notifications.roles import CALENDAR_HOLDERS
from shared.domain.errors import Forbidden
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("notifications")


@PAGES.get("/my-calendar", permits=CALENDAR_HOLDERS, title=gettext_noop("My calendar"), nav=("trainings", 3))
def my_calendar() -> ResponseReturnValue:
    kept = kept_address(_holder())
    return render(
        "my_calendar.html", address=address_of(kept) if kept else None, made_at=kept.made_at if kept else None
    )


@PAGES.post("/my-calendar", permits=CALENDAR_HOLDERS)
def make_calendar_address() -> ResponseReturnValue:
    commands.make_calendar_address(_holder(), role=current_principal().role)
    return redirect_to("my_calendar", flash=gettext_noop("The calendar has a new address."))


def _holder() -> UUID:
    holder_id = holder_id_of(current_principal())
    if holder_id is None:
        raise Forbidden
    return holder_id
