"""Finds what waits in finance for whoever looks, for the first page after the sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from services.finance.invoices.labels import called
from services.finance.invoices.model import Invoice
from services.finance.prices.model import Price
from services.finance.roles import BOOKKEEPERS, OFFICE, PAYERS
from services.finance.settings import today
from shared.i18n.language import gettext, ngettext
from shared.web.pages.declare import Pages, Thing, Work
from shared.web.pages.parties import party_names
from shared.web.pages.rendering import link

PAGES = Pages("finance")
NAMED: Final = 4  # of each kind; the list holds the rest


@PAGES.waits(permits=BOOKKEEPERS)
def first_prices() -> Work | None:
    if Price.objects.first() is not None:
        return None
    text = gettext(
        "Set what each module costs an enterprise. From then on every delivered training makes its invoices by itself."
    )
    return Work(gettext("Begin with the prices"), link("new_price"), text=text)


@PAGES.waits(permits=OFFICE)
def invoices_without_a_price() -> Work | None:
    waiting = sorted(Invoice.objects(state="waiting_for_price"), key=lambda invoice: (invoice.delivered_on, invoice.id))
    title = ngettext("%(num)s invoice waits for a price", "%(num)s invoices wait for a price", len(waiting))
    text = gettext(
        "No price was in force on the day of the delivery. Once one is set, the invoices are numbered and sent."
    )
    return _invoices(waiting, "waiting_for_price", title, text)


@PAGES.waits(permits=OFFICE)
def invoices_to_credit() -> Work | None:
    to_credit = sorted(Invoice.objects(needs_credit=True), key=lambda invoice: (invoice.issued_on, invoice.id))
    title = ngettext("%(num)s invoice to be credited", "%(num)s invoices to be credited", len(to_credit))
    text = gettext("The delivery behind them was taken back after they were issued. They need a credit note.")
    return _invoices(to_credit, None, title, text)


@PAGES.waits(permits=OFFICE)
def overdue_invoices() -> Work | None:
    late = [invoice for invoice in _to_pay() if invoice.is_overdue(today())]
    title = ngettext("%(num)s invoice is overdue", "%(num)s invoices are overdue", len(late))
    return _invoices(late, "issued", title, None, due=[invoice.due_on for invoice in late])


@PAGES.waits(permits=PAYERS)
def invoices_to_pay() -> Work | None:
    coming = _to_pay()
    title = ngettext("%(num)s invoice to be paid", "%(num)s invoices to be paid", len(coming))
    return _invoices(coming, "issued", title, None, due=[invoice.due_on for invoice in coming])


def _to_pay() -> list[Invoice]:
    """Return what is to be paid, what was due first before the rest."""
    unpaid = Invoice.objects(state="issued", needs_credit=False)
    return sorted(unpaid, key=lambda invoice: (invoice.due_on, invoice.id))


def _invoices(
    found: Sequence[Invoice], state: str | None, title: str, text: str | None, due: Sequence[date] = ()
) -> Work | None:
    if not found:
        return None
    shown = found[:NAMED]
    names = party_names(invoice.enterprise_id for invoice in shown)
    things = tuple(
        Thing(called(invoice, names), link("invoice", invoice_id=invoice.id), due[number] if due else None)
        for number, invoice in enumerate(shown)
    )
    return Work(title, link("invoices", state=state), len(found), things[0].due_on, text, things)
