"""Pages about enterprises' ways through modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from services.enrollment.catalogue.queries import module_called, module_names
from services.enrollment.enterprises.queries import enterprise_names
from services.enrollment.institutions.queries import institution_names
from services.enrollment.journeys.model import Journey
from services.enrollment.journeys.schemas import JourneyView
from services.enrollment.roles import NEWEST_FIRST, READERS
from shared.kernel.message import gettext_noop
from shared.web.fields import Code
from shared.web.pages.declare import Pages
from shared.web.pages.listing import ByName, paginate
from shared.web.pages.rendering import render

PAGES = Pages("enrollment")
IN_STATE: Final[dict[str, dict[str, Any]]] = {
    "open": {"completed_on": None, "lapsed_on": None},
    "lapsed": {"completed_on": None, "lapsed_on__ne": None},
    "completed": {"completed_on__ne": None},
}


@PAGES.get(
    "/journeys",
    permits=READERS,
    title=gettext_noop("Journeys"),
    nav=("enterprises", 2),
    rows=JourneyView,
    names={"enterprise_id": enterprise_names, "provider_id": institution_names},
    personal=True,
)
def journeys() -> ResponseReturnValue:
    conditions = IN_STATE.get(request.args.get("state", ""), {})
    page = paginate(
        Journey.objects(**conditions),
        sort=NEWEST_FIRST,
        filters={"module": Code()},
        by_name=ByName(("enterprise_id",), _called),
    )
    return render(
        "journeys.html",
        found=page,
        names=enterprise_names(row.enterprise_id for row in page.rows),
        modules=module_names(),
    )


@PAGES.get("/journeys/<uuid:journey_id>", permits=READERS, title=gettext_noop("Journey"), personal=True)
def journey(journey_id: UUID) -> ResponseReturnValue:
    shown = Journey.get(journey_id)
    return render(
        "journey.html",
        heading=module_called(shown.module),
        journey=shown,
        enterprise=enterprise_names([shown.enterprise_id])[shown.enterprise_id],
        provider=institution_names([shown.provider_id])[shown.provider_id],
        early=[visit for visit in shown.visits if visit not in shown.counted] if shown.classroom else shown.visits,
    )


def _called(rows: Sequence[Journey]) -> Iterator[str]:
    names = enterprise_names(row.enterprise_id for row in rows)
    return (names[row.enterprise_id] for row in rows)
