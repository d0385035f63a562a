"""Reads payments, for commands and pages."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.payments.model import Payment
from services.finance.settings import today
from shared.domain.days import future_faults
from shared.domain.refusals import refuse


def require_received(received_on: date) -> None:
    """Refuse a day to come: what has not come in yet is no payment."""
    refuse(future_faults("/received_on", received_on, today()))


def payments_of(invoice_id: UUID) -> list[Payment]:
    """Return the payments of an invoice, those taken back too, in the order in which they came in."""
    found = Payment.objects(invoice_id=invoice_id)
    return sorted(found, key=lambda payment: (payment.received_on, payment.created_at, payment.id))
