"""Listens to enrollment: a delivered classroom is billed, and those who pay have names."""

from __future__ import annotations

from services.finance.billing import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import DeliveryReversed, TrainingDelivered
from shared.messaging.subscriptions import ConsumerGroup

billing = ConsumerGroup("finance.billing")
names = ConsumerGroup("finance.names")

names.keeps_parties("enrollment", kinds=("enterprise", "institution"))


@billing.handles(TrainingDelivered)
def draft_delivery_invoices(event: TrainingDelivered, _about: Envelope) -> None:
    for enterprise in event.enterprises:
        commands.draft_delivery_invoice(
            enterprise_id=enterprise.enterprise_id,
            module=event.module,
            training_id=event.training_id,
            delivered_on=event.delivered_on,
            provider_id=event.provider_id,
        )


@billing.handles(DeliveryReversed)
def cancel_delivery_invoices(event: DeliveryReversed, _about: Envelope) -> None:
    for enterprise in event.enterprises:
        commands.cancel_delivery_invoice(
            enterprise_id=enterprise.enterprise_id, module=event.module, training_id=event.training_id
        )
