"""Judges the plan of a classroom: its days, and who stands in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypedDict
from uuid import UUID

from services.enrollment.errors import refused
from services.enrollment.trainers.lead import Lead
from services.enrollment.trainings.errors import DAY_TWICE, SUPERVISES_OWN, SUPERVISOR_MISSING, SUPERVISOR_NOT_NEEDED


class TrainingChanges(TypedDict, total=False):
    """The details of a planned training that can be changed; what is left out stays as it is."""

    days: Sequence[date]
    zone: str
    venue: str
    lead_trainer_id: UUID
    co_trainer_ids: Sequence[UUID]
    supervisor_id: UUID


def in_order(days: Sequence[date]) -> list[date]:
    """Return the days of a plan in order; refuses one that is given twice."""
    if len(set(days)) != len(days):
        raise refused("/days", DAY_TWICE)
    return sorted(days)


def require_supervisor(kind: str, lead: Lead) -> None:
    """Refuse a kind of training that does not go with its supervisor."""
    if kind == "regular" and lead.supervisor_id:
        raise refused("/supervisor_id", SUPERVISOR_NOT_NEEDED)
    if kind == "supervised" and not lead.supervisor_id:
        raise refused("/supervisor_id", SUPERVISOR_MISSING)
    if lead.supervisor_id == lead.trainer_id:
        raise refused("/supervisor_id", SUPERVISES_OWN)
