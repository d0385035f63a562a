"""Opens the visits that a classroom requires, and keeps the names of enterprises, providers and trainers beside their ids."""

from __future__ import annotations

from services.consulting.enterprises.model import AttendedClassroom
from services.consulting.visits import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import DeliveryReversed, TrainingDelivered
from shared.messaging.subscriptions import ConsumerGroup

required = ConsumerGroup("consulting.required_visits")
names = ConsumerGroup("consulting.names")

names.keeps_parties("enrollment", kinds=("enterprise", "institution"))
names.keeps_parties("certification", kinds=("person",))


@required.handles(TrainingDelivered)
def attend_classroom(event: TrainingDelivered, _about: Envelope) -> None:
    classroom = AttendedClassroom(
        training_id=event.training_id,
        module=event.module,
        delivered_on=event.delivered_on,
        required_visits=event.required_visits,
        lead_trainer_id=event.lead_trainer_id,
        provider_id=event.provider_id,
    )
    commands.attend_classroom([each.enterprise_id for each in event.enterprises], classroom)


@required.handles(DeliveryReversed)
def lose_classroom(event: DeliveryReversed, _about: Envelope) -> None:
    commands.lose_classroom([each.enterprise_id for each in event.enterprises], event.training_id)
