"""Pages about enterprises' ways through modules."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import request

from services.enrollment import words
from services.enrollment.journey import Journey
from services.enrollment.names import enterprise_names, module_called, module_names
from services.enrollment.page_roles import NEWEST_FIRST, READERS
from shared.web.fields import Code
from shared.web.pages import Pages, ResponseReturnValue, gettext_noop, listed, page

PAGES = Pages("enrollment")
IN_STATE: Final[dict[str, dict[str, Any]]] = {
    "open": {"completed_on": None, "lapsed_on": None},
    "lapsed": {"completed_on": None, "lapsed_on__ne": None},
    "completed": {"completed_on__ne": None},
}


@PAGES.get("/journeys", permits=READERS, title=gettext_noop("Journeys"), nav=True, personal=True)
def journeys() -> ResponseReturnValue:
    wanted = IN_STATE.get(request.args.get("state", ""), {})
    found = listed(Journey.objects(**wanted), sort=NEWEST_FIRST, filters={"module": Code()})
    return page(
        "journeys.html",
        words=words,
        found=found,
        names=enterprise_names(row.enterprise_id for row in found.rows),
        modules=module_names(),
    )


@PAGES.get("/journeys/<uuid:journey_id>", permits=READERS, title=gettext_noop("Journey"), personal=True)
def journey(journey_id: UUID) -> ResponseReturnValue:
    shown = Journey.get(journey_id)
    return page(
        "journey.html",
        heading=module_called(shown.module),
        words=words,
        journey=shown,
        enterprise=enterprise_names([shown.enterprise_id])[shown.enterprise_id],
        early=[visit for visit in shown.visits if visit not in shown.counted] if shown.classroom else shown.visits,
    )
