"""Bills what was delivered, and takes it back when the delivery is reversed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.finance.invoices.model import DELIVERY, Delivery, Invoice
from services.finance.invoices.queries import last_round
from services.finance.prices.commands import price_invoice
from shared.kernel.context import current_trace
from shared.storage.transaction import transactional


@transactional
def draft_delivery_invoice(
    *, enterprise_id: UUID, module: str, training_id: UUID, delivered_on: date, provider_id: UUID
) -> Invoice:
    """Draft the invoice of one enterprise and module for the delivery tranche; drafting it again changes nothing."""
    standing = last_round(enterprise_id, enterprise_id, module, DELIVERY)
    invoice = standing or new_invoice(enterprise_id, module)
    if invoice.state == "credited":
        invoice = new_invoice(enterprise_id, module, invoice.round + 1)
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
def bill_again(credited: Invoice, deliveries: Iterable[Delivery]) -> None:
    """Draft the next round of an invoice that was credited, for the deliveries that stand."""
    following = new_invoice(credited.enterprise_id, credited.module, credited.round + 1)
    wants_price = [following.add(delivery) for delivery in deliveries]
    if wants_price:
        price_invoice(following)
        following.save()


def new_invoice(enterprise_id: UUID, module: str, number: int = 1) -> Invoice:
    """Return the invoice of one enterprise and module for the delivery tranche, in its nth round."""
    return Invoice(
        id=Invoice.id_for(enterprise_id, enterprise_id, module, DELIVERY, number),
        payer_id=enterprise_id,
        payer_kind="enterprise",
        enterprise_id=enterprise_id,
        module=module,
        tranche=DELIVERY,
        round=number,
    )


@transactional
def cancel_delivery_invoice(*, enterprise_id: UUID, module: str, training_id: UUID) -> None:
    """Take a reversed delivery back: a draft rests on another or is cancelled, an issued invoice is to be credited."""
    invoice = last_round(enterprise_id, enterprise_id, module, DELIVERY)
    if invoice and invoice.rests_on(training_id):
        if invoice.remove(training_id):
            price_invoice(invoice)
        invoice.save()
