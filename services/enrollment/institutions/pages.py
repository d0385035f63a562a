"""Pages about institutions, and the catalogue of modules."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.enrollment.institutions import commands
from services.enrollment.institutions.labels import KINDS, STATES
from services.enrollment.institutions.model import Institution
from services.enrollment.institutions.schemas import (
    MOST_CONTACTS,
    CorrectInstitution,
    InstitutionView,
    RegisterInstitution,
    SuspendInstitution,
)
from services.enrollment.roles import NEWEST_FIRST, PROGRAMME, RECORD_READERS, STAFF
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body, Choice
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.listing import ByName, paginate
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("enrollment")
ONE = "/institutions/<uuid:institution_id>"


@PAGES.get(
    "/institutions",
    permits=RECORD_READERS,
    title=gettext_noop("Institutions"),
    nav=("enterprises", 4),
    rows=InstitutionView,
)
def institutions() -> ResponseReturnValue:
    kinds = {"kind": Choice(*KINDS), "state": Choice(*STATES)}
    return render(
        "institutions.html",
        found=paginate(
            Institution.objects,
            sort=NEWEST_FIRST,
            filters=kinds,
            by_name=ByName(("name",), lambda rows: [row.name for row in rows]),
        ),
        registers=current_principal().role in PROGRAMME,
    )


@PAGES.get("/institutions/new", permits=PROGRAMME, title=gettext_noop("Register an institution"))
def new_institution() -> ResponseReturnValue:
    return render("register_institution.html")


@PAGES.post("/institutions/new", permits=PROGRAMME, body=RegisterInstitution)
def register_institution(body: Body) -> ResponseReturnValue:
    entered = commands.register_institution(**body)
    return redirect_to("institution", institution_id=entered.id, flash=gettext_noop("The institution is registered."))


@PAGES.get(ONE, permits=RECORD_READERS, title=gettext_noop("Institution"), personal=True)
def institution(institution_id: UUID) -> ResponseReturnValue:
    shown = Institution.get(institution_id)
    role = current_principal().role
    decides = role in PROGRAMME
    return render(
        "institution.html",
        heading=shown.name,
        institution=shown,
        acts=role in STAFF,
        may_suspend=decides and shown.state == "active",
        may_restore=decides and shown.state == "suspended",
    )


@PAGES.get(f"{ONE}/correction", permits=STAFF, title=gettext_noop("Correct the institution"), personal=True)
def institution_correction(institution_id: UUID) -> ResponseReturnValue:
    return render("correct_institution.html", institution=Institution.get(institution_id), most_contacts=MOST_CONTACTS)


@PAGES.post(f"{ONE}/correction", permits=STAFF, body=CorrectInstitution, personal=True)
def correct_institution(institution_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Institution.get(institution_id))
    commands.correct_institution(institution_id, **body)
    flash = gettext_noop("The institution is corrected.")
    return redirect_to("institution", institution_id=institution_id, flash=flash)


@PAGES.post(f"{ONE}/contacts/<uuid:contact_id>/erasure", permits=STAFF, shows="institution", personal=True)
def forget_institution_contact(institution_id: UUID, contact_id: UUID) -> ResponseReturnValue:
    commands.forget_institution_contact(institution_id, contact_id)
    flash = gettext_noop("The contact is forgotten here. The other services follow.")
    return redirect_to("institution", institution_id=institution_id, flash=flash)


@PAGES.post(f"{ONE}/address/erasure", permits=STAFF, shows="institution", personal=True)
def forget_institution_address(institution_id: UUID) -> ResponseReturnValue:
    commands.forget_institution_address(institution_id)
    flash = gettext_noop("Address and number are forgotten here. The other services follow.")
    return redirect_to("institution", institution_id=institution_id, flash=flash)


@PAGES.post(f"{ONE}/suspension", permits=PROGRAMME, body=SuspendInstitution, shows="institution")
def suspend_institution(institution_id: UUID, body: Body) -> ResponseReturnValue:
    commands.suspend_institution(institution_id, **body)
    return redirect_to(
        "institution", institution_id=institution_id, flash=gettext_noop("The institution is suspended.")
    )


@PAGES.post(f"{ONE}/restoration", permits=PROGRAMME, shows="institution")
def restore_institution(institution_id: UUID) -> ResponseReturnValue:
    commands.restore_institution(institution_id)
    flash = gettext_noop("The institution takes part again.")
    return redirect_to("institution", institution_id=institution_id, flash=flash)
