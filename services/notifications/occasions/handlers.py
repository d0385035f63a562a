"""Listens to enrollment and consulting: which trainings and visits there are, and when."""

from __future__ import annotations

from services.notifications.occasions import commands
from services.notifications.occasions.model import GROUP, KnownOccasion
from shared.contracts.envelope import Envelope
from shared.contracts.events.consulting import AboutPlannedVisit, VisitCancelled, VisitRescheduled, VisitScheduled
from shared.contracts.events.enrollment import TrainingCancelled, TrainingRescheduled, TrainingScheduled
from shared.contracts.events.enrollment_outlines import AboutTraining
from shared.messaging.projections.generations import current_generation
from shared.messaging.subscriptions import ConsumerGroup

occasions = ConsumerGroup(GROUP, projection=(KnownOccasion,))


def keep_training(event: AboutTraining, about: Envelope) -> None:
    commands.keep_training(
        event,
        cancelled=isinstance(event, TrainingCancelled),
        sequence=about.sequence,
        said_at=about.time,
        generation=current_generation(),
    )


def keep_visit(event: AboutPlannedVisit, about: Envelope) -> None:
    commands.keep_visit(
        event,
        cancelled=isinstance(event, VisitCancelled),
        sequence=about.sequence,
        said_at=about.time,
        generation=current_generation(),
    )


for training_kind in (TrainingScheduled, TrainingRescheduled, TrainingCancelled):
    occasions.handles(training_kind)(keep_training)
for visit_kind in (VisitScheduled, VisitRescheduled, VisitCancelled):
    occasions.handles(visit_kind)(keep_visit)
