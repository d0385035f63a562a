"""Shows what waits for somebody."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from services.finance.invoices.labels import short
from services.finance.invoices.model import Invoice
from services.finance.prices.model import Price
from services.finance.roles import OFFICE, PRICERS
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import render

PAGES = Pages("finance")


@PAGES.get("/overview", permits=OFFICE, title=gettext_noop("Overview"), nav=1)
def overview() -> ResponseReturnValue:
    waiting = sorted(Invoice.objects(state="waiting_for_price"), key=lambda invoice: (invoice.delivered_on, invoice.id))
    return render(
        "overview.html",
        waiting=waiting,
        to_credit=[invoice for invoice in Invoice.objects(state="issued") if invoice.needs_credit],
        priced=Price.objects.first() is not None,
        short=short,
        may_price=current_principal().role in PRICERS,
    )
