"""Says what the codes and fields of invoices are called, and what an invoice is called."""

from __future__ import annotations

from collections.abc import Mapping
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
    "issued_on": gettext_noop("Issued on"),
    "due_on": gettext_noop("Due on"),
    "needs_credit": gettext_noop("Needs a credit note"),
}

STATES: Mapping[str, tuple[str, str]] = {
    "waiting_for_price": (gettext_noop("Waiting for a price"), "attention"),
    "draft": (gettext_noop("Draft, gets its number shortly"), "active"),
    "issued": (gettext_noop("Issued"), "done"),
    "cancelled": (gettext_noop("Cancelled"), "ended"),
}
TO_BE_CREDITED = (gettext_noop("Issued, to be credited"), "attention")

PAYERS: Mapping[str, str] = {
    "enterprise": gettext_noop("The enterprise"),
    "sponsor": gettext_noop("A sponsor"),
    "programme": gettext_noop("The programme"),
}

TRANCHES: Mapping[str, str] = {"delivery": gettext_noop("Due with the delivery of the classroom")}


def state_of(invoice: Invoice) -> tuple[str, str]:
    """Return the state in words, with the kind of its mark."""
    words, kind = TO_BE_CREDITED if invoice.needs_credit else STATES[invoice.state]
    return gettext(words), kind


def called(invoice: Invoice, names: Mapping[UUID, str]) -> str:
    """Return an invoice's number; before it has one, what it is for."""
    what = {"module": module_title(invoice.module), "enterprise": names[invoice.enterprise_id]}
    return str(invoice.number or gettext("%(module)s for %(enterprise)s", **what))


CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "state": STATES,
    "payer_kind": PAYERS,
    "tranche": TRANCHES,
}
