"""Listens to enrollment: who consents to be contacted."""

from __future__ import annotations

from uuid import UUID

from services.notifications.preferences import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import ConsentChanged, ParticipantRegistered
from shared.messaging.subscriptions import ConsumerGroup

CONTACT = "contact"

consents = ConsumerGroup("notifications.consents")


@consents.handles(ParticipantRegistered)
def keep_consent(event: ParticipantRegistered, _about: Envelope) -> None:
    commands.follow_consent(event.participant_id, may_contact=CONTACT in event.purposes)


@consents.handles(ConsentChanged)
def follow_consent(event: ConsentChanged, _about: Envelope) -> None:
    commands.follow_consent(event.participant_id, may_contact=CONTACT in event.purposes)


@consents.erases
def forget_consent(person_id: UUID) -> None:
    commands.forget_choice(person_id)
