"""What several of enrollment's events say alike: an enterprise, a planned classroom, a roster, a participant."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.values import Attendance, DeliveryMode, Headcount, LocalTime, Module, SizeClass, TrainingKind
from shared.contracts.wire.shape import Code, Integer


class AboutEnterprise(Event):
    """An enterprise as programme and partners count it."""

    enterprise_id: UUID
    province: Code
    sector: Code
    kbli: Code | None = None
    size_class: SizeClass | None = None
    headcount: Headcount
    provider_id: UUID
    delivery_mode: DeliveryMode


class AboutTraining(Event):
    """A classroom as it is planned now."""

    training_id: UUID
    revision: Integer
    module: Module
    module_version: Integer
    kind: TrainingKind
    days: tuple[date, ...]
    zone: Code
    provider_id: UUID
    lead_trainer_id: UUID
    co_trainer_ids: tuple[UUID, ...] = ()
    supervisor_id: UUID | None = None
    delivery_mode: DeliveryMode
    start_time: LocalTime | None = None
    end_time: LocalTime | None = None


class AboutRoster(Event):
    """One enterprise's seats in a classroom."""

    training_id: UUID
    enterprise_id: UUID
    journey_id: UUID
    module: Module
    seats: Attendance
    participant_ids: tuple[UUID, ...] = ()


class AboutParticipant(Event):
    """A person in training and everything that this person consents to now."""

    participant_id: UUID
    enterprise_id: UUID
    purposes: tuple[Code, ...]
    consent_version: Code
