"""The shapes of what an enterprise says to a report."""

from __future__ import annotations

from services.consulting.reports.model import CONFIRMATIONS
from services.consulting.visits.schemas import ConfirmVisit
from shared.access.signed_links import LONGEST
from shared.web.fields import Choice, Identifier, IsoDate, Text
from shared.web.schema import View


class ConfirmVisitByLink(ConfirmVisit):
    """`link` is the signed link that the enterprise got."""

    link = Text(longest=LONGEST, required=True)


class AnsweredVisitView(View):
    visit_id = Identifier(required=True)
    visited_on = IsoDate(required=True)
    answer = Choice(*CONFIRMATIONS, required=True)
