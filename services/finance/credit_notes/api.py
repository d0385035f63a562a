"""Credit notes over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.finance.credit_notes import commands
from services.finance.credit_notes.schemas import CreditInvoice
from services.finance.invoices.model import Invoice
from services.finance.invoices.schemas import InvoiceView
from services.finance.roles import BOOKKEEPERS
from shared.web.api.routes import Routes
from shared.web.fields import Body

credit_notes = Routes("credit-notes", description="Credit notes, by which issued invoices are taken back")


@credit_notes.post(
    "/v1/invoices/<uuid:invoice_id>/credit-note", permits=BOOKKEEPERS, body=CreditInvoice, returns=InvoiceView,
    created=True, location="/v1/invoices/{id}",
)  # fmt: skip
def credit_invoice(invoice_id: UUID, body: Body) -> Invoice:
    return commands.credit_invoice(invoice_id, **body)
