"""The page on which the programme merges two registrations of one enterprise: both side by side, then the confirmation."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.enrollment.enterprises.duplicate_check import candidates
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.queries import called
from services.enrollment.identifiers import Unreadable, nib_of
from services.enrollment.institutions.queries import institution_names
from services.enrollment.journeys.model import Journey
from services.enrollment.people.model import Participant
from services.enrollment.roles import PROGRAMME
from services.enrollment.tax_numbers.keys import tax_number_keys
from services.enrollment.tax_numbers.model import shown_number
from services.enrollment.transfers import commands
from services.enrollment.transfers.redirect import follows_merger
from services.enrollment.transfers.schemas import MergeEnterprises
from shared.access import access_log
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import asked
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("enrollment")
MERGER = "/enterprises/<uuid:enterprise_id>/merger"


@PAGES.get(MERGER, permits=PROGRAMME, title=gettext_noop("Merge two registrations"), personal=True)
@follows_merger
def enterprise_merger(enterprise_id: UUID) -> ResponseReturnValue:
    given_up = Enterprise.get(enterprise_id)
    typed = asked().values.get("kept_id", "").strip()
    kept = _enterprise_meant_by(typed) if typed else None
    if kept is not None:
        access_log.note(current_principal(), "enterprise_merger", "pages", kept.id, "allowed")
    alike, pair = candidates(given_up), [given_up, *([kept] if kept is not None else [])]
    return render(
        "merge_enterprises.html",
        given_up=given_up,
        kept=kept,
        missed=bool(typed) and kept is None,
        same=kept is not None and kept.id == given_up.id,
        called=called,
        alike=[(candidate.enterprise.id, called(candidate.enterprise), candidate.reasons) for candidate in alike],
        held={enterprise.id: _counts_of(enterprise) for enterprise in pair},
        tax_numbers={enterprise.id: shown_number(enterprise, tax_number_keys()) for enterprise in pair},
        providers=institution_names(enterprise.provider_id for enterprise in pair),
    )


@PAGES.post(
    f"{MERGER}/confirmation", permits=PROGRAMME, body=MergeEnterprises, shows="enterprise_merger", personal=True
)
def merge_enterprises(enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    kept = commands.merge_enterprises(enterprise_id, **body)
    flash = gettext_noop("The two registrations are one. The old number leads here.")
    return redirect_to("enterprise", enterprise_id=kept.id, flash=flash)


def _enterprise_meant_by(text: str) -> Enterprise | None:
    """Return the enterprise of a number on its page, or of a NIB."""
    try:
        return Enterprise.find(UUID(text))
    except ValueError:
        pass
    try:
        enterprise: Enterprise | None = Enterprise.objects(nib=nib_of(text)).first()
    except Unreadable:
        return None
    return enterprise


def _counts_of(enterprise: Enterprise) -> tuple[int, int]:
    """Return how many people and how many modules under way or completed belong to it."""
    people = Participant.objects(enterprise_id=enterprise.id, state="active").count()
    return people, Journey.objects(enterprise_id=enterprise.id).count()
