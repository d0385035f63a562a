"""What an enterprise says to a report, over HTTP: by the signed link of a letter, without a token."""

from __future__ import annotations

from typing import Any

from services.consulting.confirmations.links import opened
from services.consulting.confirmations.schemas import AnsweredVisitView, ConfirmVisitByLink
from services.consulting.visits import commands
from shared.access.permissions import PUBLIC
from shared.kernel.context import acting_as
from shared.web.api.routes import Routes
from shared.web.fields import Body

confirmations = Routes("confirmations", description="What enterprises say to the reports of their visits")


@confirmations.post("/v1/visit-confirmations", permits=PUBLIC, body=ConfirmVisitByLink, returns=AnsweredVisitView)
def confirm_visit_by_link(body: Body) -> dict[str, Any]:
    link, enterprise = opened(body.pop("link"), "/link")
    with acting_as(enterprise):
        visit = commands.confirm_visit(link.object_id, **body)
    return {"visit_id": visit.id, "visited_on": visit.report.visited_on, "answer": visit.confirmation.answer}
