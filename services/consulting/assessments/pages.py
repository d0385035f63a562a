"""Assessments for people: start them, fill in their form, see what came out. The same commands as the API."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from services.consulting.assessments import commands
from services.consulting.assessments.labels import KINDS, STATES
from services.consulting.assessments.model import Assessment
from services.consulting.assessments.practices import practices
from services.consulting.assessments.schemas import (
    AssessmentView,
    AssignAssessment,
    CompleteAssessment,
    KeepAssessmentDraft,
    StartAssessment,
)
from services.consulting.catalogue.queries import module_codes
from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.readings.indicators import entered_indicators, indicators
from services.consulting.readings.queries import readings_of
from services.consulting.roles import AUTHORS, READERS, STAFF
from services.consulting.settings import today
from services.consulting.trainers.queries import trainers_of
from shared.i18n.language import gettext, localized, ngettext
from shared.i18n.module_titles import module_title
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body, Choice
from shared.web.pages.declare import Pages, Thing, Work
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.listing import paginate
from shared.web.pages.parties import by_party, party_choices, party_name, party_names
from shared.web.pages.rendering import link, redirect_to, render

PAGES = Pages("consulting")
ONE = "/assessments/<uuid:assessment_id>"
NAMED = 4  # of what waits; the list holds the rest


@PAGES.get(
    "/assessments",
    permits=READERS,
    title=gettext_noop("Assessments"),
    nav=("visits", 3),
    rows=AssessmentView,
    names={"enterprise_id": party_names, "trainer_id": party_names, "provider_id": party_names},
    personal=True,
)
def assessments() -> ResponseReturnValue:
    page = paginate(
        Assessment.objects,
        sort=("-created_at", "created_at"),
        filters={"kind": Choice(*KINDS), "state": Choice(*STATES)},
        by_name=by_party("enterprise_id"),
    )
    parties = {party for row in page.rows for party in (row.enterprise_id, row.trainer_id)}
    return render("assessments.html", found=page, names=party_names(parties), starts=current_principal().role in STAFF)


@PAGES.get("/assessments/new", permits=STAFF, title=gettext_noop("Start an assessment"), personal=True)
def new_assessment() -> ResponseReturnValue:
    enterprises = list(EnterpriseScope.objects(state="active"))
    return render(
        "new_assessment.html",
        enterprises=party_choices(enterprise.id for enterprise in enterprises),
        trainers=trainers_of(enterprise.provider_id for enterprise in enterprises if enterprise.provider_id),
        modules=module_codes(),
        asked={name: request.args.get(name) for name in ("enterprise_id", "kind")},
    )


@PAGES.post("/assessments/new", permits=STAFF, body=StartAssessment)
def start_assessment(body: Body) -> ResponseReturnValue:
    started = commands.start_assessment(**body)
    flash = gettext_noop("The assessment is started. Its trainer sees it.")
    return redirect_to("assessment", assessment_id=started.id, flash=flash)


@PAGES.get(ONE, permits=READERS, title=gettext_noop("Assessment"), personal=True)
def assessment(assessment_id: UUID) -> ResponseReturnValue:
    shown, viewer = Assessment.get(assessment_id), current_principal()
    readings = readings_of(shown.id)
    read = {reading.indicator for reading in readings}
    firsts = [indicator for indicator in entered_indicators() if indicator.first and indicator.code not in read]
    may_assign = viewer.role in STAFF and shown.state == "open"
    return render(
        "assessment.html",
        assessment=shown,
        heading=party_name(shown.enterprise_id),
        trainer=party_name(shown.trainer_id),
        provider=party_name(shown.provider_id),
        suggested=[module_title(code) for code in shown.suggested_modules],
        practices=practices(),
        readings=readings,
        indicators=indicators(),
        missing=[localized(indicator.name) for indicator in firsts] if shown.state == "completed" else [],
        may_complete=viewer.role in AUTHORS,
        may_assign=may_assign,
        trainers=trainers_of([shown.provider_id]) if may_assign else [],
    )


@PAGES.post(f"{ONE}/assignment", permits=STAFF, body=AssignAssessment, shows="assessment")
def assign_assessment(assessment_id: UUID, body: Body) -> ResponseReturnValue:
    commands.assign_assessment(assessment_id, **body)
    flash = gettext_noop("Another trainer makes the assessment.")
    return redirect_to("assessment", assessment_id=assessment_id, flash=flash)


@PAGES.get(f"{ONE}/form", permits=AUTHORS, title=gettext_noop("Enter the assessment"), personal=True)
def assessment_form(assessment_id: UUID) -> ResponseReturnValue:
    shown = Assessment.get(assessment_id)
    written = shown.draft or shown
    held = {(reading.indicator, reading.sex): reading.current for reading in readings_of(shown.id)}
    if shown.draft:
        held |= {(reading.indicator, reading.sex): reading for reading in shown.draft.readings}
    return render(
        "assessment_form.html",
        assessment=shown,
        written=written,
        points={practice.item: practice for practice in [*shown.practices, *written.practices]},
        held=held,
        practices=list(practices().values()),
        indicators=entered_indicators(),
        modules=module_codes(),
        enterprise=party_name(shown.enterprise_id),
        today=today(),
    )


@PAGES.post(f"{ONE}/form", permits=AUTHORS, body=CompleteAssessment)
def complete_assessment(assessment_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Assessment.get(assessment_id))
    commands.complete_assessment(assessment_id, **body)
    return redirect_to("assessment", assessment_id=assessment_id, flash=gettext_noop("The assessment is entered."))


@PAGES.post(f"{ONE}/draft", permits=AUTHORS, body=KeepAssessmentDraft, shows="assessment_form")
def keep_assessment_draft(assessment_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Assessment.get(assessment_id))
    commands.keep_assessment_draft(assessment_id, **body)
    flash = gettext_noop("The draft is saved. Hand it in when it is complete.")
    return redirect_to("assessment", assessment_id=assessment_id, flash=flash)


@PAGES.waits(permits=AUTHORS)
def assessments_to_make() -> Work | None:
    waiting = list(Assessment.objects(state="open").order_by("created_at", "id"))
    if not waiting:
        return None
    names = party_names(row.enterprise_id for row in waiting[:NAMED])
    things = tuple(
        Thing(
            gettext("%(enterprise)s: %(kind)s", enterprise=names[row.enterprise_id], kind=gettext(KINDS[row.kind])),
            link("assessment", assessment_id=row.id),
        )
        for row in waiting[:NAMED]
    )
    title = ngettext("Make %(num)s assessment", "Make %(num)s assessments", len(waiting))
    return Work(title, link("assessments", state="open"), len(waiting), None, None, things)
