"""Judges the plan of a classroom: its days, and who stands in front of it. What events say of it has its types here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NotRequired, TypedDict
from uuid import UUID

from services.enrollment.errors import refused
from services.enrollment.trainings.errors import (
    DAY_TWICE,
    ENDS_BEFORE_START,
    SUPERVISES_OWN,
    SUPERVISOR_MISSING,
    SUPERVISOR_NOT_NEEDED,
)
from shared.contracts.values import Attendance, DeliveredEnterprise, DeliveryMode, Module, TrainingKind


class NewTraining(TypedDict):
    """The plan of a classroom, beside its module, days, lead and provider."""

    zone: str
    delivery_mode: DeliveryMode
    external_id: NotRequired[str]
    kind: NotRequired[TrainingKind]
    start_time: NotRequired[str]
    end_time: NotRequired[str]
    venue: NotRequired[str]
    venue_address: NotRequired[str]
    co_trainer_ids: NotRequired[Sequence[UUID]]
    supervisor_id: NotRequired[UUID]


class TrainingChanges(TypedDict, total=False):
    """The details of a planned training that can be changed; what is left out stays as it is, None takes away."""

    days: Sequence[date]
    zone: str
    start_time: str | None
    end_time: str | None
    venue: str | None
    venue_address: str | None
    lead_trainer_id: UUID
    co_trainer_ids: Sequence[UUID]
    supervisor_id: UUID | None


class TrainingPlan(TypedDict):
    """What the events of a planned training have in common."""

    training_id: UUID
    revision: int
    module: Module
    module_version: int
    kind: TrainingKind
    days: tuple[date, ...]
    zone: str
    start_time: str | None
    end_time: str | None
    provider_id: UUID
    lead_trainer_id: UUID
    co_trainer_ids: tuple[UUID, ...]
    supervisor_id: UUID | None
    delivery_mode: DeliveryMode


class RosterInTraining(TypedDict):
    """What the events of a roster have in common."""

    training_id: UUID
    enterprise_id: UUID
    journey_id: UUID
    module: Module
    seats: Attendance
    participant_ids: tuple[UUID, ...]


class Delivery(TypedDict):
    """What delivering a training and taking that back have in common."""

    training_id: UUID
    module: Module
    module_version: int
    delivered_on: date
    provider_id: UUID
    lead_trainer_id: UUID
    trainer_ids: tuple[UUID, ...]
    supervisor_id: UUID | None
    delivery_mode: DeliveryMode
    required_visits: int
    enterprises: tuple[DeliveredEnterprise, ...]


def in_order(days: Sequence[date]) -> list[date]:
    """Return the days of a plan in order; refuses one that is given twice."""
    if len(set(days)) != len(days):
        raise refused("/days", DAY_TWICE)
    return sorted(days)


def require_hours(start: str | None, end: str | None) -> None:
    """Refuse an end that does not come after the start of the same day."""
    if end is not None and (start is None or end <= start):
        raise refused("/end_time", ENDS_BEFORE_START)


def require_supervisor(kind: str, lead_trainer_id: UUID, supervisor_id: UUID | None) -> None:
    """Refuse a kind of training that does not go with its supervisor."""
    if kind == "regular" and supervisor_id:
        raise refused("/supervisor_id", SUPERVISOR_NOT_NEEDED)
    if kind == "supervised" and not supervisor_id:
        raise refused("/supervisor_id", SUPERVISOR_MISSING)
    if supervisor_id == lead_trainer_id:
        raise refused("/supervisor_id", SUPERVISES_OWN)
