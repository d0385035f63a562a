"""What is told to who pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.notifications.content.kind import Content, Heard, Kind
from services.notifications.content.told import Told
from shared.contracts.events.finance import (
    InvoiceCredited,
    InvoiceIssued,
    InvoiceOverdue,
    PaymentReceived,
    PaymentReversed,
)
from shared.i18n.language import gettext as _
from shared.kernel.message import gettext_noop

REVERSED_BECAUSE: Final[Mapping[str, str]] = {
    "bounced": gettext_noop("The transfer was returned by the bank"),
    "refunded": gettext_noop("The money was paid back"),
    "wrong_invoice": gettext_noop("It belongs to another invoice"),
    "wrong_amount": gettext_noop("The amount or the day is wrong"),
}


def invoice_button(told: Told) -> tuple[str, str] | None:
    """Lead to the invoice; letters of earlier releases do not say which one they are about."""
    return (_("See the invoice"), told.link("invoice", told.word("invoice_id"))) if told.has("invoice_id") else None


def about_payment(told: Told) -> tuple[tuple[str, str], ...]:
    return (
        (_("Invoice number"), told.word("number")),
        (_("Training"), told.module()),
        (_("Amount received"), told.money("amount")),
        (_("Income tax withheld"), told.money("withheld")),
        (_("Received on"), told.day("received_on")),
        (_("Training provider"), told.name_and_phone("provider_id")),
    )


def credited(told: Told) -> Content:
    return Content(
        _("Invoice %(number)s is credited", number=told.word("number")),
        (_("This invoice is taken back in full. Nothing is to be paid for it any more."),),
        (
            (_("Invoice number"), told.word("number")),
            (_("Credit note"), told.word("credit_note_number")),
            (_("Training"), told.module()),
            (_("Amount"), told.money("total")),
            (_("Credited on"), told.day("credited_on")),
            (_("Training provider"), told.name_and_phone("provider_id")),
        ),
        button=invoice_button(told),
        notes=(_("If anything is not right, simply reply to this letter."),),
    )


def overdue(told: Told) -> Content:
    return Content(
        _("Invoice %(number)s is overdue", number=told.word("number")),
        (
            _(
                "This invoice should have been paid by now. If you have paid it in the meantime, please disregard this letter."
            ),
        ),
        (
            (_("Invoice number"), told.word("number")),
            (_("Training"), told.module()),
            (_("Still to be paid"), told.money("outstanding")),
            (_("Due"), told.day("due_on")),
            (_("Training provider"), told.name_and_phone("provider_id")),
        ),
        button=invoice_button(told),
        notes=(
            _("Please give the invoice number with your payment. If anything is unclear, simply reply to this letter."),
        ),
    )


def received(told: Told) -> Content:
    return Content(
        _("Payment received for invoice %(number)s", number=told.word("number")),
        (
            _("Thank you. Your payment is recorded, and the invoice is paid in full.")
            if told.has("settles")
            else _("Thank you. Your payment is recorded. Part of the invoice is still to be paid; it says how much."),
        ),
        about_payment(told),
        button=invoice_button(told),
        notes=(_("If anything is not right, simply reply to this letter."),),
    )


def reversed_(told: Told) -> Content:
    reason = REVERSED_BECAUSE.get(told.word("reason"))
    return Content(
        _("Payment for invoice %(number)s taken back", number=told.word("number")),
        (
            _(
                "A payment that was recorded for this invoice does not stand. The invoice is to be paid again by its amount."
            ),
        ),
        (
            *about_payment(told),
            (_("Taken back on"), told.day("reversed_on")),
            (_("Reason"), _(reason) if reason else ""),
        ),
        button=invoice_button(told),
        notes=(_("If anything is not right, simply reply to this letter."),),
    )


def issued(told: Told) -> Content:
    return Content(
        _("Invoice %(number)s for the training %(module)s", number=told.word("number"), module=told.module()),
        (_("Your enterprise has taken part in this SCORE training. This is the invoice for it."),),
        (
            (_("Invoice number"), told.word("number")),
            (_("Training"), told.module()),
            (_("Date"), told.day("issued_on")),
            (_("Amount"), told.money("total")),
            (_("VAT included"), told.money("tax")),
            (_("Due"), told.day("due_on")),
            (_("Training provider"), told.name_and_phone("provider_id")),
        ),
        button=invoice_button(told),
        notes=(
            _("Please give the invoice number with your payment. If anything is unclear, simply reply to this letter."),
        ),
    )


ABOUT_PAYMENT: Final = ("invoice_id", "number", "module", "amount", "withheld", "received_on", "provider_id")
PAYMENT: Final[Mapping[str, Any]] = {
    "invoice_id": "0196f0a2-0000-7000-8000-0000000000d1", "number": "2027/0196F0/00042", "module": "M1",
    "amount": 5_439_000, "withheld": 111_000, "received_on": "2027-03-30",
    "provider_id": "0196f0a2-0000-7000-8000-0000000000b1",
}  # fmt: skip

KINDS: Final[Mapping[str, Kind]] = {
    "invoice_issued": Kind(
        gettext_noop("Invoice issued"), issued,
        {"invoice_id": "0196f0a2-0000-7000-8000-0000000000d1",
         "number": "2027/0196F0/00042", "module": "M1", "total": 5_550_000, "tax": 550_000, "issued_on": "2027-03-12",
         "due_on": "2027-04-11", "provider_id": "0196f0a2-0000-7000-8000-0000000000b1"},
        (
            Heard(
                InvoiceIssued, {"payer": "payer_id"},
                ("invoice_id", "number", "module", "total", "tax", "issued_on", "due_on", "provider_id"),
            ),
        ), must_arrive=True,
    ),
    "invoice_credited": Kind(
        gettext_noop("Invoice credited"), credited,
        {"invoice_id": "0196f0a2-0000-7000-8000-0000000000d1", "number": "2027/0196F0/00042",
         "credit_note_number": "2027/0196F0/CN00003", "module": "M1", "total": 5_550_000, "credited_on": "2027-03-20",
         "provider_id": "0196f0a2-0000-7000-8000-0000000000b1"},
        (
            Heard(
                InvoiceCredited, {"payer": "payer_id"},
                ("invoice_id", "number", "credit_note_number", "module", "total", "credited_on", "provider_id"),
            ),
        ), must_arrive=True,
    ),
    "invoice_overdue": Kind(
        gettext_noop("Invoice overdue"), overdue,
        {"invoice_id": "0196f0a2-0000-7000-8000-0000000000d1", "number": "2027/0196F0/00042", "module": "M1",
         "outstanding": 5_550_000, "due_on": "2027-04-11", "provider_id": "0196f0a2-0000-7000-8000-0000000000b1"},
        (
            Heard(
                InvoiceOverdue, {"payer": "payer_id"},
                ("invoice_id", "number", "module", "outstanding", "due_on", "provider_id"),
            ),
        ), must_arrive=True,
    ),
    "payment_received": Kind(
        gettext_noop("Payment received"), received, {**PAYMENT, "settles": True},
        (Heard(PaymentReceived, {"payer": "payer_id"}, (*ABOUT_PAYMENT, "settles")),), must_arrive=True,
    ),
    "payment_reversed": Kind(
        gettext_noop("Payment taken back"), reversed_, {**PAYMENT, "reversed_on": "2027-04-02", "reason": "bounced"},
        (Heard(PaymentReversed, {"payer": "payer_id"}, (*ABOUT_PAYMENT, "reversed_on", "reason")),), must_arrive=True,
    ),
}  # fmt: skip
