"""Visits for people: plan them, report them, review reports. The same commands as the API."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from services.consulting.catalogue.queries import module_codes
from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.enterprises.queries import may_be_visited, modules_of
from services.consulting.reports.checklists import every_item
from services.consulting.reports.model import Happening
from services.consulting.roles import AUTHORS, CONFIRMERS, OWNERS, READERS, STAFF
from services.consulting.settings import consulting_settings
from services.consulting.trainers.queries import trainers_of
from services.consulting.visits import commands
from services.consulting.visits.labels import STATES
from services.consulting.visits.model import Visit
from services.consulting.visits.queries import checklist_of, training_of, visible_history
from services.consulting.visits.schemas import (
    CancelVisit,
    ConfirmVisit,
    KeepDraft,
    ReportVisit,
    RescheduleVisit,
    ReturnReport,
    ScheduleVisit,
    VisitView,
    VoidVisit,
)
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.messaging import parties
from shared.reference.provinces import PROVINCES
from shared.web.fields import Body, Choice, Code
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.listing import number_filter, paginate
from shared.web.pages.parties import by_party, party_choices, party_name, party_names
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("consulting")
TO_COME: Final = ("to_plan", "scheduled")


@PAGES.get(
    "/visits",
    permits=READERS,
    title=gettext_noop("Visits"),
    nav=("visits", 1),
    rows=VisitView,
    names={"enterprise_id": party_names, "trainer_id": party_names, "provider_id": party_names},
    personal=True,
)
def visits() -> ResponseReturnValue:
    kinds = {"state": Choice(*STATES), "module": Code(), **number_filter()}
    page = paginate(
        Visit.objects,
        sort=("-created_at", "created_at"),
        filters=kinds,
        by_name=by_party("enterprise_id"),
    )
    parties = {party for visit in page.rows for party in (visit.enterprise_id, visit.trainer_id)}
    return render(
        "visits.html",
        found=page,
        names=party_names(parties),
        modules=module_codes(),
        plans=current_principal().role in STAFF,
        numbers="external_id" in kinds,
    )


@PAGES.get("/visits/new", permits=STAFF, title=gettext_noop("Plan a visit"), personal=True)
def new_visit() -> ResponseReturnValue:
    enterprises = [row for row in EnterpriseScope.objects(state="active") if may_be_visited(row)]
    return render(
        "plan.html",
        enterprises=party_choices(enterprise.id for enterprise in enterprises),
        trainers=trainers_of(enterprise.provider_id for enterprise in enterprises if enterprise.provider_id),
        modules=modules_of(enterprises),
        usual_minutes=consulting_settings().visit_minutes,
        asked={name: request.args.get(name) for name in ("enterprise_id", "module", "number", "trainer_id")},
    )


@PAGES.post("/visits/new", permits=STAFF, body=ScheduleVisit)
def schedule_visit(body: Body) -> ResponseReturnValue:
    planned = commands.schedule_visit(**body)
    return redirect_to("visit", visit_id=planned.id, flash=gettext_noop("The visit is planned."))


@PAGES.get("/visits/<uuid:visit_id>", permits=READERS, title=gettext_noop("Visit"), personal=True)
def visit(visit_id: UUID) -> ResponseReturnValue:
    shown = Visit.get(visit_id)
    viewer = current_principal()
    staff = viewer.role in STAFF
    objection = shown.objection_to(viewer)
    return render(
        "visit.html",
        heading=party_name(shown.enterprise_id),
        visit=shown,
        trainer=party_name(shown.trainer_id),
        provider=party_name(shown.provider_id),
        state=STATES[shown.state],
        history=visible_history(shown, viewer),
        way=_way_to(shown) if viewer.role in AUTHORS else None,
        may_schedule=staff and shown.state == "to_plan",
        may_plan=staff and shown.state == "scheduled",
        may_report=viewer.role in AUTHORS and shown.state in ("scheduled", "returned", "reported"),
        may_measure=viewer.role in AUTHORS and shown.is_measured,
        checklist={item.code: item for item in every_item()},
        training_id=training_of(shown),
        draft=shown.draft if viewer.role in AUTHORS else None,
        may_confirm=viewer.role in CONFIRMERS
        and shown.state == "reported"
        and (viewer.role in OWNERS or not objection),
        may_review=staff and shown.state == "reported",
        may_void=staff and shown.state == "accepted",
        objection=objection,
    )


@PAGES.get("/visits/<uuid:visit_id>/plan", permits=STAFF, title=gettext_noop("Move the visit"), personal=True)
def moved_visit(visit_id: UUID) -> ResponseReturnValue:
    shown = Visit.get(visit_id)
    return render(
        "move.html",
        visit=shown,
        enterprise=party_name(shown.enterprise_id),
        trainers=_including(trainers_of([shown.provider_id]), shown.trainer_id),
    )


@PAGES.post("/visits/<uuid:visit_id>/plan", permits=STAFF, body=RescheduleVisit)
def reschedule_visit(visit_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Visit.get(visit_id))
    commands.reschedule_visit(visit_id, **body)
    return redirect_to("visit", visit_id=visit_id, flash=gettext_noop("The visit is moved."))


@PAGES.post("/visits/<uuid:visit_id>/cancellation", permits=STAFF, body=CancelVisit, shows="visit")
def cancel_visit(visit_id: UUID, body: Body) -> ResponseReturnValue:
    commands.cancel_visit(visit_id, **body)
    return redirect_to("visit", visit_id=visit_id, flash=gettext_noop("The visit is called off."))


@PAGES.get("/visits/<uuid:visit_id>/report", permits=AUTHORS, title=gettext_noop("Report on the visit"), personal=True)
def visit_report(visit_id: UUID) -> ResponseReturnValue:
    shown = Visit.get(visit_id)
    returned = _last_return(shown)
    written = shown.draft or shown.report
    return render(
        "report.html",
        visit=shown,
        written=written,
        checklist=checklist_of(shown),
        answers={answer.item: answer for answer in written.checklist} if written else {},
        remarks={remark.item: remark.comment for remark in returned.remarks} if returned else {},
        enterprise=party_name(shown.enterprise_id),
        returned=returned,
    )


@PAGES.post("/visits/<uuid:visit_id>/report", permits=AUTHORS, body=ReportVisit)
def report_visit(visit_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Visit.get(visit_id))
    commands.report_visit(visit_id, **body)
    return redirect_to("visit", visit_id=visit_id, flash=gettext_noop("The report is handed in and waits for review."))


@PAGES.post("/visits/<uuid:visit_id>/draft", permits=AUTHORS, body=KeepDraft, shows="visit_report")
def keep_draft(visit_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Visit.get(visit_id))
    commands.keep_draft(visit_id, **body)
    return redirect_to(
        "visit", visit_id=visit_id, flash=gettext_noop("The draft is saved. Hand it in when it is complete.")
    )


@PAGES.post("/visits/<uuid:visit_id>/confirmation", permits=CONFIRMERS, body=ConfirmVisit, shows="visit")
def confirm_visit(visit_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Visit.get(visit_id))
    commands.confirm_visit(visit_id, **body)
    return redirect_to("visit", visit_id=visit_id, flash=gettext_noop("The answer is saved."))


@PAGES.post("/visits/<uuid:visit_id>/acceptance", permits=STAFF, shows="visit")
def accept_report(visit_id: UUID) -> ResponseReturnValue:
    require_unchanged(Visit.get(visit_id))
    commands.accept_report(visit_id)
    return _decided(visit_id, gettext_noop("The report is accepted, the visit counts."))


@PAGES.post("/visits/<uuid:visit_id>/return", permits=STAFF, body=ReturnReport, shows="visit")
def return_report(visit_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Visit.get(visit_id))
    commands.return_report(visit_id, **body)
    return _decided(visit_id, gettext_noop("The report is returned to the trainer."))


@PAGES.post("/visits/<uuid:visit_id>/voiding", permits=STAFF, body=VoidVisit, shows="visit")
def void_visit(visit_id: UUID, body: Body) -> ResponseReturnValue:
    commands.void_visit(visit_id, **body)
    return redirect_to("visit", visit_id=visit_id, flash=gettext_noop("The visit is void and no longer counts."))


def _decided(visit_id: UUID, flash: str) -> ResponseReturnValue:
    """Lead on to the next report that waits, or back to the visit."""
    if request.form.get("_from") == "review":
        return redirect_to("review_queue", flash=flash)
    return redirect_to("visit", visit_id=visit_id, flash=flash)


def _last_return(visit: Visit) -> Happening | None:
    """Return why a report was sent back, where nothing came after."""
    last = visit.history[-1] if visit.history else None
    return last if last is not None and last.verb == "return" else None


def _way_to(visit: Visit) -> dict[str, str]:
    """Return how a trainer finds and reaches an enterprise that is still to be visited: only what is known."""
    party = parties.find_all([visit.enterprise_id]).get(visit.enterprise_id) if visit.state in TO_COME else None
    if party is None:
        return {}
    address, phone = party["address"] or "", party["phone"] or ""
    place = ", ".join(filter(None, [address, PROVINCES.get(party["province"] or "")]))
    return {
        "address": address,
        "phone": phone,
        "map": consulting_settings().map_address.format(quote(place)) if address else "",
    }


def _including(trainers: list[tuple[UUID, str]], trainer_id: UUID) -> list[tuple[UUID, str]]:
    """Return the trainers to choose from, always with the present one."""
    listed = any(trainer == trainer_id for trainer, _ in trainers)
    return trainers if listed else [(trainer_id, party_name(trainer_id)), *trainers]
