"""Payments over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.finance.payments import commands
from services.finance.payments.model import Payment
from services.finance.payments.schemas import PaymentView, RecordPayment, ReversePayment
from services.finance.roles import BOOKKEEPERS, READERS
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

payments = Routes("payments", description="What was paid of invoices, and what was taken back")


@payments.post(
    "/v1/invoices/<uuid:invoice_id>/payments", permits=BOOKKEEPERS, body=RecordPayment, returns=PaymentView,
    created=True, location="/v1/payments/{id}",
)  # fmt: skip
def record_payment(invoice_id: UUID, body: Body) -> Payment:
    return commands.record_payment(invoice_id, **body)


@payments.list(
    "/v1/payments", permits=READERS, returns=PaymentView,
    filters=("state", "invoice_id", "enterprise_id", "module", "provider_id"), sort=("created_at",),
)  # fmt: skip
def list_payments(query: ListQuery) -> ScopedQuerySet:
    del query
    return Payment.objects


@payments.get("/v1/payments/<uuid:payment_id>", permits=READERS, returns=PaymentView)
def show_payment(payment_id: UUID) -> Payment:
    return Payment.get(payment_id)


@payments.post("/v1/payments/<uuid:payment_id>/reversal", permits=BOOKKEEPERS, body=ReversePayment, returns=PaymentView)
def reverse_payment(payment_id: UUID, body: Body) -> Payment:
    return commands.reverse_payment(payment_id, **body)
