"""Costs for people. The same commands as the API."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.finance.costs import commands
from services.finance.costs.labels import CATEGORIES, FUNDERS, STATES
from services.finance.costs.model import Cost
from services.finance.costs.schemas import CostView, RecordCost, ReverseCost
from services.finance.invoices.model import Invoice
from services.finance.roles import BOOKKEEPERS, NEWEST_FIRST, OFFICE
from services.finance.settings import today
from shared.i18n.module_titles import modules_to_choose
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body, Choice, Code
from shared.web.pages.declare import Pages
from shared.web.pages.listing import paginate
from shared.web.pages.parties import party_names
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("finance")


@PAGES.get(
    "/costs",
    permits=OFFICE,
    title=gettext_noop("Costs"),
    nav=("money", 3),
    rows=CostView,
    names={"provider_id": party_names},
)
def costs() -> ResponseReturnValue:
    page = paginate(
        Cost.objects,
        sort=NEWEST_FIRST,
        filters={
            "state": Choice(*STATES),
            "category": Choice(*CATEGORIES),
            "funded_by": Choice(*FUNDERS),
            "module": Code(),
        },
    )
    return render(
        "costs.html",
        found=page,
        chooses=current_principal().institution is None,
        providers=party_names(row.provider_id for row in page.rows if row.provider_id),
        may_record=current_principal().role in BOOKKEEPERS,
    )


@PAGES.get("/costs/new", permits=BOOKKEEPERS, title=gettext_noop("Record a cost"))
def new_cost() -> ResponseReturnValue:
    chooses = current_principal().institution is None
    return render(
        "new_cost.html",
        today=today(),
        modules=modules_to_choose(*Invoice.objects.distinct("module")),
        providers=_known_providers() if chooses else [],
    )


@PAGES.post("/costs/new", permits=BOOKKEEPERS, body=RecordCost)
def record_cost(body: Body) -> ResponseReturnValue:
    commands.record_cost(**body)
    return redirect_to("costs", flash=gettext_noop("The cost is recorded."))


@PAGES.get("/costs/<uuid:cost_id>", permits=OFFICE, title=gettext_noop("Cost"))
def cost(cost_id: UUID) -> ResponseReturnValue:
    shown = Cost.get(cost_id)
    return render(
        "cost.html",
        cost=shown,
        provider=party_names([shown.provider_id])[shown.provider_id] if shown.provider_id else None,
        may_reverse=current_principal().role in BOOKKEEPERS and shown.state == "booked",
    )


@PAGES.post("/costs/<uuid:cost_id>/reversal", permits=BOOKKEEPERS, body=ReverseCost, shows="cost")
def reverse_cost(cost_id: UUID, body: Body) -> ResponseReturnValue:
    commands.reverse_cost(cost_id, **body)
    return redirect_to("cost", cost_id=cost_id, flash=gettext_noop("The cost is taken back."))


def _known_providers() -> list[tuple[UUID, str]]:
    """Return the providers that delivered something or had a cost, by name."""
    known = {*Invoice.objects.distinct("provider_id"), *Cost.objects.distinct("provider_id")}
    return sorted(party_names(known - {None}).items(), key=lambda pair: pair[1].casefold())
