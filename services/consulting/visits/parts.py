"""Names what the events of a visit say alike."""

from __future__ import annotations

from datetime import date
from typing import TypedDict
from uuid import UUID

from shared.contracts.values import Module


class VisitSubject(TypedDict):
    """What every event says of the visit that it is about."""

    visit_id: UUID
    enterprise_id: UUID
    module: Module
    number: int
    trainer_id: UUID


class PlannedVisit(VisitSubject):
    """What the events of a visit that is to come have in common."""

    planned_on: date
    minutes: int
    provider_id: UUID


class ReportedVisit(VisitSubject):
    """What the events of a visit that took place have in common."""

    visited_on: date
    minutes: int
    provider_id: UUID
