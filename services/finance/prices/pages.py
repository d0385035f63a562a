"""Prices for people. The same commands as the API."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from services.finance.invoices.model import Invoice
from services.finance.prices import commands
from services.finance.prices.model import Price
from services.finance.prices.schemas import PriceView, SetPrice
from services.finance.roles import BOOKKEEPERS, NEWEST_FIRST, OFFICE
from shared.i18n.module_titles import modules_to_choose
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body, Code
from shared.web.pages.declare import Pages
from shared.web.pages.listing import paginate
from shared.web.pages.parties import party_names
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("finance")


@PAGES.get(
    "/prices",
    permits=OFFICE,
    title=gettext_noop("Prices"),
    nav=("money", 4),
    rows=PriceView,
    names={"provider_id": party_names},
)
def prices() -> ResponseReturnValue:
    page = paginate(Price.objects, sort=NEWEST_FIRST, filters={"module": Code()})
    return render(
        "prices.html",
        found=page,
        mine=current_principal().institution,
        providers=party_names(row.provider_id for row in page.rows if row.provider_id),
        may_price=current_principal().role in BOOKKEEPERS,
    )


@PAGES.get("/prices/new", permits=BOOKKEEPERS, title=gettext_noop("Set a price"))
def new_price() -> ResponseReturnValue:
    chooses = current_principal().institution is None
    return render(
        "price.html",
        chooses=chooses,
        modules=modules_to_choose(request.values.get("module"), *Invoice.objects.distinct("module")),
        providers=_known_providers() if chooses else [],
        asked={name: request.args.get(name) for name in ("module", "valid_from", "provider_id")},
    )


@PAGES.post("/prices/new", permits=BOOKKEEPERS, body=SetPrice)
def set_price(body: Body) -> ResponseReturnValue:
    price = commands.set_price(**body)
    flash = gettext_noop("The price of %(module)s is set. Invoices that waited for it go on by themselves.")
    return redirect_to("prices", flash=flash, values={"module": price.module})


def _known_providers() -> list[tuple[UUID, str]]:
    """Return the providers that have an invoice waiting or a price of their own, by name."""
    waiting = {invoice.provider_id for invoice in Invoice.objects(state="waiting_for_price")}
    own = {price.provider_id for price in Price.objects if price.provider_id}
    return sorted(party_names(waiting | own).items(), key=lambda pair: pair[1].casefold())
