"""Invoices over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.finance.invoices.model import Invoice
from services.finance.invoices.schemas import InvoiceView
from services.finance.roles import READERS
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.lists.listing import ListQuery

invoices = Routes("invoices", description="Invoices, drafted by deliveries and numbered without gaps")


@invoices.list(
    "/v1/invoices", permits=READERS, returns=InvoiceView,
    filters=("state", "module", "enterprise_id", "training_id", "correlation_id"), sort=("created_at",),
)  # fmt: skip
def list_invoices(query: ListQuery) -> ScopedQuerySet:
    del query
    return Invoice.objects


@invoices.get("/v1/invoices/<uuid:invoice_id>", permits=READERS, returns=InvoiceView)
def show_invoice(invoice_id: UUID) -> Invoice:
    return Invoice.get(invoice_id)
