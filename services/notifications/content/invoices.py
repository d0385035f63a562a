"""What is told to who pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.notifications.content.kind import Content, Heard, Kind
from services.notifications.content.told import Told
from shared.contracts.events.finance import InvoiceIssued
from shared.i18n.language import gettext as _
from shared.kernel.message import gettext_noop


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
        # letters of earlier releases do not say which invoice they are about
        button=(_("See the invoice"), told.link("invoice", told.word("invoice_id")))
        if told.has("invoice_id")
        else None,
        notes=(
            _("Please give the invoice number with your payment. If anything is unclear, simply reply to this letter."),
        ),
    )


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
}  # fmt: skip
