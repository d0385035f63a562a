"""Says what the codes and fields of payments are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.finance.invoices.labels import PAYERS
from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop, pgettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "invoice_id": gettext_noop("Invoice ID"),
    "invoice_number": gettext_noop("Invoice number"),
    "payer_id": gettext_noop("Payer ID"),
    "payer_kind": gettext_noop("Payer kind"),
    "amount": gettext_noop("Amount that came in"),
    "amount.amount": pgettext_noop("column", "Amount"),
    "amount.currency": gettext_noop("Currency"),
    "withheld": gettext_noop("Income tax withheld (PPh 23)"),
    "withheld.amount": gettext_noop("Income tax withheld (PPh 23)"),
    "withheld.currency": gettext_noop("Currency of the tax withheld"),
    "withholding_slip": gettext_noop("Number of the withholding slip (bukti potong)"),
    "received_on": gettext_noop("Received on"),
    "method": gettext_noop("Paid by"),
    "reference": gettext_noop("Reference of the bank"),
    "reversed_on": gettext_noop("Taken back on"),
    "reversal_reason": gettext_noop("Why it was taken back"),
    "reason": gettext_noop("Reason"),
}

STATES: Mapping[str, tuple[str, str]] = {
    "received": (gettext_noop("Received"), "done"),
    "reversed": (gettext_noop("Taken back"), "ended"),
}

METHODS: Mapping[str, str] = {
    "transfer": gettext_noop("Bank transfer"),
    "virtual_account": gettext_noop("Virtual account"),
    "qris": gettext_noop("QRIS"),
    "cash": gettext_noop("Cash"),
    "other": gettext_noop("Other"),
}

REASONS: Mapping[str, str] = {
    "bounced": gettext_noop("The transfer was returned by the bank"),
    "refunded": gettext_noop("The money was paid back"),
    "wrong_invoice": gettext_noop("It belongs to another invoice"),
    "wrong_amount": gettext_noop("The amount or the day is wrong"),
    "other": gettext_noop("Another reason"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "state": STATES,
    "method": METHODS,
    "payer_kind": PAYERS,
    "reversal_reason": REASONS,
}
