"""Listens to enrollment: keeps the plan of each training, and has those told who are concerned."""

from __future__ import annotations

from services.notifications.trainings import commands
from services.notifications.trainings.commands import Cause
from services.notifications.trainings.model import Plan
from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import (
    DeliveryReversed,
    RosterSeated,
    RosterWaitlisted,
    RosterWithdrawn,
    TrainingCancelled,
    TrainingDelivered,
    TrainingRescheduled,
    TrainingScheduled,
)
from shared.messaging.subscriptions import ConsumerGroup

trainings = ConsumerGroup("notifications.trainings")


@trainings.handles(TrainingScheduled)
def plan_training(event: TrainingScheduled, about: Envelope) -> None:
    commands.plan_training(event.training_id, plan=plan_of(event), cause=cause_of(about))


@trainings.handles(TrainingRescheduled)
def move_training(event: TrainingRescheduled, about: Envelope) -> None:
    commands.move_training(
        event.training_id,
        plan=plan_of(event),
        invited={row.enterprise_id: row.participant_ids for row in event.invited},
        previous_days=list(event.previous_days),
        cause=cause_of(about),
    )


@trainings.handles(TrainingCancelled)
def cancel_training(event: TrainingCancelled, about: Envelope) -> None:
    commands.cancel_training(
        event.training_id,
        plan=plan_of(event),
        invited={row.enterprise_id: row.participant_ids for row in event.invited},
        cause=cause_of(about),
    )


@trainings.handles(RosterSeated)
def seat_enterprise(event: RosterSeated, about: Envelope) -> None:
    commands.seat_enterprise(event.training_id, event.enterprise_id, event.participant_ids, cause=cause_of(about))


@trainings.handles(RosterWaitlisted)
def let_enterprise_wait(event: RosterWaitlisted, about: Envelope) -> None:
    commands.let_enterprise_wait(
        event.training_id, event.enterprise_id, event.participant_ids, position=event.position, cause=cause_of(about)
    )


@trainings.handles(RosterWithdrawn)
def withdraw_enterprise(event: RosterWithdrawn, about: Envelope) -> None:
    commands.withdraw_enterprise(event.training_id, event.enterprise_id, event.participant_ids, cause=cause_of(about))


@trainings.handles(TrainingDelivered)
def ask_for_evaluation(event: TrainingDelivered, about: Envelope) -> None:
    commands.ask_for_evaluation(
        event.training_id,
        module=event.module,
        provider_id=event.provider_id,
        delivered_on=event.delivered_on,
        participant_ids=[person for enterprise in event.enterprises for person in enterprise.participant_ids],
        cause=cause_of(about),
    )


@trainings.handles(DeliveryReversed)
def stop_asking(event: DeliveryReversed, _about: Envelope) -> None:
    commands.stop_asking(event.training_id)


def plan_of(event: TrainingScheduled | TrainingRescheduled | TrainingCancelled) -> Plan:
    supervisors = [event.supervisor_id] if event.supervisor_id else []
    return {
        "module": event.module,
        "days": list(event.days),
        "zone": event.zone,
        "start_time": event.start_time,
        "end_time": event.end_time,
        "provider_id": event.provider_id,
        "trainer_ids": [event.lead_trainer_id, *event.co_trainer_ids, *supervisors],
    }


def cause_of(about: Envelope) -> Cause:
    return Cause(about.id, about.time, about.correlation_id, about.sequence)
