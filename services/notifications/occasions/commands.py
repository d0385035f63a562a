"""Keeps what the last event said of a training or a visit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.notifications.occasions.model import KnownOccasion
from shared.contracts.events.consulting import AboutPlannedVisit
from shared.contracts.events.enrollment_outlines import AboutTraining
from shared.reference.zones import WIB
from shared.storage.transaction import transactional


@transactional
def keep_training(plan: AboutTraining, *, cancelled: bool, sequence: int, said_at: datetime, generation: int) -> None:
    """Keep the plan of a training; its events are numbered, and each is a step."""
    trainers = (plan.lead_trainer_id, *plan.co_trainer_ids, plan.supervisor_id)
    row = _row(plan.training_id, generation)
    row.sequence, row.module, row.provider_id = sequence, plan.module, plan.provider_id
    row.trainer_ids = list(dict.fromkeys(trainer for trainer in trainers if trainer is not None))
    row.days, row.last_day, row.zone = list(plan.days), max(plan.days), plan.zone
    row.start_time, row.end_time = plan.start_time, plan.end_time
    row.cancelled, row.said_at = cancelled, said_at
    row.save()


@transactional
def keep_visit(plan: AboutPlannedVisit, *, cancelled: bool, sequence: int, said_at: datetime, generation: int) -> None:
    """Keep the plan of a visit; its events are numbered, and each is a step."""
    row = _row(plan.visit_id, generation)
    row.sequence, row.module, row.visit_number, row.provider_id = sequence, plan.module, plan.number, plan.provider_id
    row.trainer_ids, row.days, row.last_day, row.zone = [plan.trainer_id], [plan.planned_on], plan.planned_on, WIB
    row.cancelled, row.said_at = cancelled, said_at
    row.save()


def _row(occasion_id: UUID, generation: int) -> KnownOccasion:
    row_id = KnownOccasion.id_of(occasion_id, generation)
    return KnownOccasion.find(row_id) or KnownOccasion(id=row_id, generation=generation, occasion_id=occasion_id)
