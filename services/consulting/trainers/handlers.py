"""Listens to certification: who is certified for a module, and until when."""

from __future__ import annotations

from services.consulting.trainers import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.certification import ENTITLING, AboutCertificate
from shared.messaging.subscriptions import ConsumerGroup

entitlements = ConsumerGroup("consulting.entitlements")


def keep_entitlement(event: AboutCertificate, _about: Envelope) -> None:
    commands.keep_entitlement(
        event.qualification_id,
        trainer_id=event.trainer_id,
        module=event.module,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        ended_on=event.ended_on,
    )


for event_type in ENTITLING:
    entitlements.handles(event_type)(keep_entitlement)
