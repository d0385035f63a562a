"""What an enterprise says to a report, over HTTP: by the signed link of a letter, without a token."""

from __future__ import annotations

from typing import Any

from services.consulting.confirmations import commands
from services.consulting.confirmations.queries import PURPOSE
from services.consulting.confirmations.schemas import AnsweredVisitView, ConfirmVisitByLink
from shared.access.permissions import PUBLIC
from shared.access.signed_links import read_link
from shared.web.api.routes import Routes
from shared.web.fields import Body

confirmations = Routes("confirmations", description="What enterprises say to the reports of their visits")


@confirmations.post("/v1/visit-confirmations", permits=PUBLIC, body=ConfirmVisitByLink, returns=AnsweredVisitView)
def confirm_visit_by_link(body: Body) -> dict[str, Any]:
    visit = commands.confirm_visit_by_link(read_link(body.pop("link"), PURPOSE, "/link"), **body)
    return {"visit_id": visit.id, "visited_on": visit.report.visited_on, "answer": visit.confirmation.answer}
