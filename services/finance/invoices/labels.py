"""Says what the codes and fields of invoices are called, and what an invoice is called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from services.finance.invoices.model import Invoice
from shared.i18n.labels import Label
from shared.i18n.language import gettext
from shared.i18n.module_titles import module_title
from shared.kernel.message import gettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "payer_id": gettext_noop("Payer ID"),
    "payer_kind": gettext_noop("Payer kind"),
    "tranche": gettext_noop("Tranche"),
    "round": gettext_noop("Round"),
    "net.amount": gettext_noop("Net"),
    "net.currency": gettext_noop("Currency of the net"),
    "tax.amount": gettext_noop("Tax"),
    "tax.currency": gettext_noop("Currency of the tax"),
    "total.amount": gettext_noop("Total"),
    "total.currency": gettext_noop("Currency of the total"),
    "paid.amount": gettext_noop("Paid"),
    "paid.currency": gettext_noop("Currency of what is paid"),
    "outstanding.amount": gettext_noop("Still to be paid"),
    "outstanding.currency": gettext_noop("Currency of what is still to be paid"),
    "issued_on": gettext_noop("Issued on"),
    "due_on": gettext_noop("Due on"),
    "needs_credit": gettext_noop("Needs a credit note"),
    "credit_note_number": gettext_noop("Number of the credit note"),
    "credited_on": gettext_noop("Credited on"),
    "credit_reason": gettext_noop("Why it was credited"),
    "reason": gettext_noop("Reason"),
}

STATES: Mapping[str, tuple[str, str]] = {
    "waiting_for_price": (gettext_noop("Waiting for a price"), "attention"),
    "draft": (gettext_noop("Draft, gets its number shortly"), "active"),
    "issued": (gettext_noop("Issued"), "active"),
    "paid": (gettext_noop("Paid"), "done"),
    "credited": (gettext_noop("Credited"), "ended"),
    "cancelled": (gettext_noop("Cancelled"), "ended"),
}
TO_BE_CREDITED = (gettext_noop("To be credited"), "attention")
OVERDUE = (gettext_noop("Overdue"), "attention")
PARTLY_PAID = (gettext_noop("Paid in part"), "active")

PAYERS: Mapping[str, str] = {
    "enterprise": gettext_noop("The enterprise"),
    "sponsor": gettext_noop("A sponsor"),
    "programme": gettext_noop("The programme"),
}

CREDIT_REASONS: Mapping[str, str] = {
    "delivery_reversed": gettext_noop("The delivery was taken back"),
    "wrong_price": gettext_noop("The price was wrong"),
}

TRANCHES: Mapping[str, str] = {"delivery": gettext_noop("Due with the delivery of the classroom")}


def state_of(invoice: Invoice, today: date) -> tuple[str, str]:
    """Return the state in words, with the kind of its mark: what is missing comes before how far it is."""
    words, kind = _state_of(invoice, today)
    return gettext(words), kind


def _state_of(invoice: Invoice, today: date) -> tuple[str, str]:
    if invoice.needs_credit:
        return TO_BE_CREDITED
    if invoice.is_overdue(today):
        return OVERDUE
    return PARTLY_PAID if invoice.state == "issued" and invoice.paid else STATES[invoice.state]


def called(invoice: Invoice, names: Mapping[UUID, str]) -> str:
    """Return an invoice's number; before it has one, what it is for."""
    what = {"module": module_title(invoice.module), "enterprise": names[invoice.enterprise_id]}
    return str(invoice.number or gettext("%(module)s for %(enterprise)s", **what))


CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "state": STATES,
    "payer_kind": PAYERS,
    "tranche": TRANCHES,
    "credit_reason": CREDIT_REASONS,
}
