"""Listens to certification: who may lead a module, and the names of trainers, which pages show."""

from __future__ import annotations

from services.enrollment.trainers import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.certification import ENTITLING, AboutCertificate, SupervisedDeliveryAuthorised
from shared.messaging.subscriptions import ConsumerGroup

entitlements = ConsumerGroup("enrollment.entitlements")

names = ConsumerGroup("enrollment.names")


names.keeps_parties("certification", kinds=("person",))


def keep_entitlement(event: AboutCertificate, _about: Envelope) -> None:
    commands.keep_entitlement(
        qualification_id=event.qualification_id,
        trainer_id=event.trainer_id,
        module=event.module,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        ended_on=event.ended_on,
    )


for event_type in ENTITLING:
    entitlements.handles(event_type)(keep_entitlement)


@entitlements.handles(SupervisedDeliveryAuthorised)
def authorise(event: SupervisedDeliveryAuthorised, _about: Envelope) -> None:
    commands.keep_authorisation(
        qualification_id=event.qualification_id,
        trainer_id=event.trainer_id,
        module=event.module,
        expert_id=event.expert_id,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
    )
