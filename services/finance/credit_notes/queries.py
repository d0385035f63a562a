"""Says who may credit an invoice."""

from __future__ import annotations

from services.finance.credit_notes.errors import RECORDED_PAYMENT
from services.finance.invoices.model import Invoice
from services.finance.payments.queries import payments_of
from shared.kernel.message import Message
from shared.kernel.principal import Principal


def objection_to(creditor: Principal, invoice: Invoice) -> Message | None:
    """Return why this principal may not credit an invoice, or None: whoever recorded a payment of it, one taken back too, could
    keep the money (separation of duties)."""
    recorded = any(payment.recorded_by == creditor.id for payment in payments_of(invoice.id))
    return RECORDED_PAYMENT if recorded else None
