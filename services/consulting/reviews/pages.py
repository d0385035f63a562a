"""The review queue: each report that waits beside that of the visit before, the oldest first."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from services.consulting.reports.checklists import every_item
from services.consulting.reviews.queries import visit_before
from services.consulting.roles import STAFF
from services.consulting.visits.model import Visit
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.parties import party_names
from shared.web.pages.rendering import render

PAGES = Pages("consulting")


@PAGES.get("/visits/review", permits=STAFF, title=gettext_noop("Review of reports"), nav=("visits", 2), personal=True)
def review_queue() -> ResponseReturnValue:
    """Show the report that waits longest, beside that of the visit before; `skip` leaves out as many."""
    waiting = Visit.objects(state="reported").order_by("planned_on", "id")
    count, skip = waiting.count(), request.args.get("skip", 0, type=int)
    at = min(max(skip, 0), max(count - 1, 0))
    shown = waiting.skip(at).first()
    return render(
        "review.html",
        visit=shown,
        before=visit_before(shown) if shown else None,
        count=count,
        at=at,
        checklist={item.code: item for item in every_item()},
        names=party_names([shown.enterprise_id, shown.trainer_id]) if shown else {},
        objection=shown.objection_to(current_principal()) if shown else None,
    )
