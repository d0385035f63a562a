"""The credit note of an invoice for people. The same command as the API."""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.finance.credit_notes import commands
from services.finance.credit_notes.queries import objection_to
from services.finance.credit_notes.schemas import CreditInvoice
from services.finance.invoices.model import Invoice
from services.finance.roles import BOOKKEEPERS
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.parties import party_name
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("finance")


@PAGES.get("/invoices/<uuid:invoice_id>/credit-note", permits=BOOKKEEPERS, title=gettext_noop("Credit the invoice"))
def new_credit_note(invoice_id: UUID) -> ResponseReturnValue:
    credited = Invoice.get(invoice_id)
    return render(
        "new_credit_note.html",
        invoice=credited,
        payer=party_name(credited.payer_id),
        objection=objection_to(current_principal(), credited),
    )


@PAGES.post("/invoices/<uuid:invoice_id>/credit-note", permits=BOOKKEEPERS, body=CreditInvoice)
def credit_invoice(invoice_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Invoice.get(invoice_id))
    commands.credit_invoice(invoice_id, **body)
    return redirect_to("invoice", invoice_id=invoice_id, flash=gettext_noop("The invoice is credited."))
