"""Pages about enterprises: the list, sign-up, one enterprise, corrections of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.catalogue.plans import usual_order
from services.enrollment.catalogue.queries import module_names
from services.enrollment.enterprises import commands
from services.enrollment.enterprises.errors import PossibleDuplicate
from services.enrollment.enterprises.labels import STATES
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.queries import called, tax_number_of
from services.enrollment.enterprises.schemas import (
    EnterpriseView,
    FillInCorrection,
    FindEnterprises,
    RegisterEnterprise,
)
from services.enrollment.institutions.queries import active_providers, institution_names
from services.enrollment.journeys.model import Journey
from services.enrollment.roles import LETTER_READERS, NEWEST_FIRST, PROGRAMME, READERS, STAFF, TAX_NUMBER_READERS
from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.keys import tax_number_keys
from services.enrollment.tax_numbers.model import shown_number
from services.enrollment.trainings.model import Training
from services.enrollment.transfers.redirect import follows_merger
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.reference.sectors import SECTORS
from shared.reference.zones import WIB
from shared.web.fields import Body, Choice
from shared.web.fields import Province as ProvinceCode
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import posted, require_unchanged
from shared.web.pages.listing import ByName, number_filter, paginate
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("enrollment")
ONE = "/enterprises/<uuid:enterprise_id>"


@PAGES.get(
    "/enterprises",
    permits=READERS,
    title=gettext_noop("Enterprises"),
    nav=("enterprises", 1),
    rows=EnterpriseView,
    names={"provider_id": institution_names},
    personal=True,
)
def enterprises() -> ResponseReturnValue:
    kinds = {
        "state": Choice(*STATES),
        "province": ProvinceCode(),
        "sector": Choice(*SECTORS),
        **number_filter(),
    }
    by_name = ByName(("name", "legal_form"), lambda rows: [called(row) for row in rows])
    page = paginate(Enterprise.objects, sort=NEWEST_FIRST, filters=kinds, by_name=by_name)
    return render(
        "enterprises.html",
        found=page,
        called=called,
        providers=institution_names(row.provider_id for row in page.rows),
        registers=current_principal().role in STAFF,
        numbers="external_id" in kinds,
    )


@PAGES.get("/enterprises/search", permits=STAFF, title=gettext_noop("Find by a number"))
def enterprise_search() -> ResponseReturnValue:
    return _search_page(None)


@PAGES.post("/enterprises/search", permits=STAFF, body=FindEnterprises, personal=True)
def find_enterprises(body: Body) -> ResponseReturnValue:
    return _search_page(commands.find_enterprises(**body) if body else None)


@PAGES.get("/enterprises/new", permits=STAFF, title=gettext_noop("Register an enterprise"))
def new_enterprise() -> ResponseReturnValue:
    return render(
        "register_enterprise.html",
        chooses=current_principal().institution is None,
        providers=active_providers(),
        duplicate=_duplicate_refusal(),
        usual=_usual_headcount(),
    )


@PAGES.post("/enterprises/new", permits=STAFF, body=RegisterEnterprise, personal=True)
def register_enterprise(body: Body) -> ResponseReturnValue:
    registered = commands.register_enterprise(**body)
    return redirect_to("enterprise", enterprise_id=registered.id, flash=gettext_noop("The enterprise is registered."))


@PAGES.get(ONE, permits=READERS, title=gettext_noop("Enterprise"), personal=True)
@follows_merger
def enterprise(enterprise_id: UUID) -> ResponseReturnValue:
    shown = Enterprise.get(enterprise_id)
    viewer = current_principal()
    acts = viewer.role in STAFF
    return render(
        "enterprise.html",
        heading=called(shown),
        enterprise=shown,
        tax_number=shown_number(shown, tax_number_keys()),
        provider=institution_names([shown.provider_id])[shown.provider_id],
        journeys=sorted(Journey.objects(enterprise_id=enterprise_id), key=lambda journey: journey.module),
        trainings=sorted(Training.objects(enterprise_ids=enterprise_id), key=lambda training: min(training.days)),
        modules=module_names(),
        order=usual_order(ModuleVersion.objects) if acts else [],
        acts=acts,
        decides=viewer.role in PROGRAMME,
        opens_number=viewer.role in TAX_NUMBER_READERS and shown.sealed_npwp is not None,
        opens_letter=viewer.role in LETTER_READERS,
        today=clock.today(WIB),
        config=enrollment_settings(),
        others=[pair for pair in active_providers() if pair[0] != shown.provider_id] if acts else [],
    )


@PAGES.get(f"{ONE}/tax-number", permits=TAX_NUMBER_READERS, title=gettext_noop("Tax number"), personal=True)
@follows_merger
def tax_number(enterprise_id: UUID) -> ResponseReturnValue:
    """Show the whole tax number; that somebody looked at it stands in the access log."""
    number = tax_number_of(enterprise_id)
    return render(
        "tax_number.html", number=number, enterprise=enterprise_id, called=called(Enterprise.get(enterprise_id))
    )


@PAGES.get(f"{ONE}/correction", permits=STAFF, title=gettext_noop("Correct the enterprise"), personal=True)
@follows_merger
def enterprise_correction(enterprise_id: UUID) -> ResponseReturnValue:
    shown = Enterprise.get(enterprise_id)
    return render(
        "correct_enterprise.html",
        enterprise=shown,
        called=called(shown),
        duplicate=_duplicate_refusal(),
        usual=_usual_headcount(),
    )


@PAGES.post(f"{ONE}/correction", permits=STAFF, body=FillInCorrection, personal=True)
def correct_enterprise(enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Enterprise.get(enterprise_id))
    commands.correct_enterprise(enterprise_id, **body)
    return redirect_to("enterprise", enterprise_id=enterprise_id, flash=gettext_noop("The enterprise is corrected."))


@PAGES.post(f"{ONE}/contact/erasure", permits=STAFF, shows="enterprise", personal=True)
def forget_enterprise_contact(enterprise_id: UUID) -> ResponseReturnValue:
    commands.forget_enterprise_contact(enterprise_id)
    flash = gettext_noop("The contact is forgotten here. The other services follow.")
    return redirect_to("enterprise", enterprise_id=enterprise_id, flash=flash)


def _search_page(found: list[Enterprise] | None) -> ResponseReturnValue:
    """Draw the search with its result; `found` is None where nothing was asked."""
    sent = posted()
    return render("find_enterprises.html", found=found, called=called, sought=sent.values if sent else {})


def _duplicate_refusal() -> dict[str, Any] | None:
    """Return why the form was refused: the candidates that the visitor may see, and whether a confirmation did not help."""
    sent = posted()
    if sent is None or not isinstance(sent.problem, PossibleDuplicate):
        return None
    return {**sent.problem.members, "insisted": bool(sent.values.get("confirm_distinct"))}


def _usual_headcount() -> tuple[int, int]:
    """Return from how many to how many persons an enterprise usually has; beyond that screening needs an override."""
    bounds = enrollment_settings()
    return bounds.least_headcount, bounds.most_headcount
