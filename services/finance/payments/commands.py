"""Records what was paid of invoices, and takes back what was none."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.invoices.model import Invoice
from services.finance.payments.model import Payment
from services.finance.payments.queries import require_received
from services.finance.settings import today
from shared.kernel.context import current_principal
from shared.storage.transaction import transactional


@transactional
def record_payment(
    invoice_id: UUID,
    *,
    amount: int,
    received_on: date,
    method: str,
    withheld: int = 0,
    withholding_slip: str | None = None,
    reference: str | None = None,
) -> Payment:
    """Record money that came in for an issued invoice, in whole rupiah, never more than is still to be paid of it."""
    require_received(received_on)
    invoice = Invoice.get(invoice_id)
    payment = Payment.of(
        invoice,
        amount=amount,
        withheld=withheld,
        withholding_slip=withholding_slip,
        received_on=received_on,
        method=method,
        reference=reference,
        recorded_by=current_principal().id,
    )
    invoice.save()
    return payment.save()


@transactional
def reverse_payment(payment_id: UUID, *, reason: str) -> Payment:
    """Take back a payment that bounced, was refunded, or was recorded wrongly."""
    payment = Payment.get(payment_id)
    invoice = Invoice.get(payment.invoice_id)
    payment.reverse(invoice, reason, reversed_on=today())
    invoice.save()
    return payment.save()
