"""Bills what was delivered, and takes it back when the delivery is reversed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.invoices.model import DELIVERY, Delivery, Invoice
from services.finance.prices.commands import price_invoice
from shared.kernel.context import current_trace
from shared.storage.transaction import transactional


@transactional
def draft_delivery_invoice(
    *, enterprise_id: UUID, module: str, training_id: UUID, delivered_on: date, provider_id: UUID
) -> Invoice:
    """Draft the invoice of one enterprise and module for the delivery tranche; drafting it again changes nothing."""
    invoice_id = Invoice.id_for(enterprise_id, enterprise_id, module, DELIVERY, 1)
    invoice = Invoice.find(invoice_id) or Invoice(
        id=invoice_id,
        payer_id=enterprise_id,
        payer_kind="enterprise",
        enterprise_id=enterprise_id,
        module=module,
        tranche=DELIVERY,
    )
    if invoice.rests_on(training_id):
        return invoice
    delivery = Delivery(
        training_id=training_id,
        delivered_on=delivered_on,
        provider_id=provider_id,
        correlation_id=current_trace().correlation_id,
        cause_id=current_trace().causation_id,
        traceparent=current_trace().traceparent,
    )
    if invoice.add(delivery):
        price_invoice(invoice)
    return invoice.save()


@transactional
def cancel_delivery_invoice(*, enterprise_id: UUID, module: str, training_id: UUID) -> None:
    """Take a reversed delivery back: a draft rests on another or is cancelled, an issued invoice is to be credited."""
    invoice = Invoice.find(Invoice.id_for(enterprise_id, enterprise_id, module, DELIVERY, 1))
    if invoice and invoice.rests_on(training_id):
        if invoice.remove(training_id):
            price_invoice(invoice)
        invoice.save()
