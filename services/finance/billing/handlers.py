"""Listens to enrollment: a delivered classroom is billed."""

from __future__ import annotations

from services.finance.billing import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import DeliveryReversed, TrainingDelivered
from shared.messaging.subscriptions import Reactions

billing = Reactions("finance.billing")


@billing.on(TrainingDelivered)
def draft_delivery_invoices(fact: TrainingDelivered, _about: Envelope) -> None:
    for enterprise in fact.enterprises:
        commands.draft_delivery_invoice(
            enterprise_id=enterprise.enterprise_id,
            module=fact.module,
            training_id=fact.training_id,
            delivered_on=fact.delivered_on,
            provider_id=fact.provider_id,
        )


@billing.on(DeliveryReversed)
def cancel_delivery_invoices(fact: DeliveryReversed, _about: Envelope) -> None:
    for enterprise in fact.enterprises:
        commands.cancel_delivery_invoice(
            enterprise_id=enterprise.enterprise_id, module=fact.module, training_id=fact.training_id
        )
