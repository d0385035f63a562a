"""Finance for people: what waits for somebody, invoices, prices. The same commands as the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from services.finance import commands
from services.finance.invoice import Invoice
from services.finance.price import Price
from services.finance.schemas import SetPrice
from services.finance.words import PAYERS, STATES, TRANCHES, short, state_of, state_options
from shared.runtime.context import current_principal
from shared.web.fields import Choice, Code
from shared.web.pages import Pages, ResponseReturnValue, gettext_noop, listed, page, redirect_to

PAGES = Pages("finance")
READERS = ("programme", "finance", "provider", "enterprise", "auditor")
OFFICE = ("programme", "finance", "provider", "auditor")
PRICERS = ("programme", "finance", "provider")
NEWEST_FIRST = ("-created_at", "created_at")


@PAGES.get("/overview", permits=OFFICE, title=gettext_noop("Overview"), nav=True)
def overview() -> ResponseReturnValue:
    waiting = sorted(Invoice.objects(state="waiting_for_price"), key=lambda one: (one.delivered_on, one.id))
    return page(
        "overview.html",
        waiting=waiting,
        to_credit=[invoice for invoice in Invoice.objects(state="issued") if invoice.needs_credit],
        priced=Price.objects.first() is not None,
        short=short,
        may_price=current_principal().role in PRICERS,
    )


@PAGES.get("/invoices", permits=READERS, title=gettext_noop("Invoices"), nav=True)
def invoices() -> ResponseReturnValue:
    found = listed(Invoice.objects, sort=NEWEST_FIRST, filters={"state": Choice(*STATES), "module": Code()})
    return page("invoices.html", found=found, state_of=state_of, states=state_options(), short=short)


@PAGES.get("/invoices/<uuid:invoice_id>", permits=READERS, title=gettext_noop("Invoice"))
def invoice(invoice_id: UUID) -> ResponseReturnValue:
    shown = Invoice.get(invoice_id)
    return page(
        "invoice.html",
        heading=shown.number or "",
        invoice=shown,
        state=state_of(shown),
        payers=PAYERS,
        tranches=TRANCHES,
        short=short,
        may_price=current_principal().role in PRICERS and shown.state == "waiting_for_price",
    )


@PAGES.get("/prices", permits=OFFICE, title=gettext_noop("Prices"), nav=True)
def prices() -> ResponseReturnValue:
    return page(
        "prices.html",
        found=listed(Price.objects, sort=NEWEST_FIRST, filters={"module": Code()}),
        mine=current_principal().institution,
        short=short,
        may_price=current_principal().role in PRICERS,
    )


@PAGES.get("/prices/new", permits=PRICERS, title=gettext_noop("Set a price"))
def new_price() -> ResponseReturnValue:
    chooses = current_principal().institution is None
    return page(
        "price.html",
        chooses=chooses,
        providers=[(provider_id, short(provider_id)) for provider_id in _known_providers()] if chooses else [],
        asked={name: request.args.get(name) for name in ("module", "valid_from", "provider_id")},
    )


@PAGES.post("/prices/new", permits=PRICERS, body=SetPrice)
def set_price(body: dict[str, Any]) -> ResponseReturnValue:
    price = commands.set_price(**body)
    said = gettext_noop("The price of %(module)s is set. Invoices that waited for it go on by themselves.")
    return redirect_to("prices", said=said, values={"module": price.module})


def _known_providers() -> list[UUID]:
    """Those that have an invoice waiting or a price of their own: finance knows providers by id alone."""
    waiting = {invoice.provider_id for invoice in Invoice.objects(state="waiting_for_price")}
    own = {price.provider_id for price in Price.objects if price.provider_id}
    return sorted(waiting | own, key=short)
