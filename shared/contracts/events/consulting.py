"""What consulting says: assessments, visits, plans, released readings and before/after cases.

Only an accepted visit counts anywhere; a voided one is reversed everywhere.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from shared.contracts.erasure import AboutErasureDone
from shared.contracts.event import Event, Owner
from shared.contracts.values import Language, Module, Money, Reading, ReadingStage
from shared.contracts.wire.shape import Code, Integer, Value

consulting: Final = Owner("consulting")


class ThemeCount(Value):
    """How many actions of a plan belong to a theme."""

    theme: Code
    actions: Integer


@consulting.event(key="assessment_id")
class BaselineAssessed(Event):
    """An enterprise was assessed before its first module; what was read there is told by `ReadingReleased` alone."""

    assessment_id: UUID
    enterprise_id: UUID
    provider_id: UUID
    trainer_id: UUID
    assessed_on: date
    suggested_modules: tuple[Module, ...] = ()


@consulting.event(key="assessment_id")
class EndlineAssessed(Event):
    """An enterprise was assessed again after a module or at the end; its readings are told by `ReadingReleased` alone."""

    assessment_id: UUID
    enterprise_id: UUID
    module: Module | None = None
    provider_id: UUID
    trainer_id: UUID
    assessed_on: date


@consulting.event(key="assessment_id")
class FollowUpAssessed(Event):
    """An enterprise was assessed once more, so many months later; its readings are told by `ReadingReleased` alone."""

    assessment_id: UUID
    enterprise_id: UUID
    months: Integer
    provider_id: UUID
    trainer_id: UUID
    assessed_on: date


class AboutPlannedVisit(Event):
    """A consultancy visit that is to come; `number` counts the visits of a module."""

    visit_id: UUID
    enterprise_id: UUID
    module: Module
    number: Integer
    planned_on: date
    minutes: Integer
    trainer_id: UUID
    provider_id: UUID


@consulting.event(key="visit_id")
class VisitScheduled(AboutPlannedVisit):
    """A consultancy visit was fixed."""


@consulting.event(key="visit_id")
class VisitRescheduled(AboutPlannedVisit):
    """A consultancy visit was moved or given to another trainer."""

    previous_on: date
    reason: Code


@consulting.event(key="visit_id")
class VisitCancelled(AboutPlannedVisit):
    """A consultancy visit was called off."""

    reason: Code


class AboutVisit(Event):
    """A consultancy visit that took place; `number` counts the visits of a module."""

    visit_id: UUID
    enterprise_id: UUID
    module: Module
    number: Integer
    visited_on: date
    minutes: Integer
    trainer_id: UUID
    provider_id: UUID


@consulting.event(key="visit_id")
class VisitReported(AboutVisit):
    """A visit was reported, or reported again with another day or length; it counts once its report is accepted."""


@consulting.event(key="visit_id")
class VisitAccepted(AboutVisit):
    """The report of a visit was reviewed and accepted: the visit counts."""


@consulting.event(key="visit_id")
class VisitReturned(AboutVisit):
    """The report of a visit was sent back to its trainer for correction."""

    reason: Code


@consulting.event(key="visit_id")
class VisitVoided(AboutVisit):
    """An accepted visit was declared void: it no longer counts."""

    reason: Code


@consulting.event(key="plan_id")
class PlanApproved(Event):
    """An enterprise improvement plan was approved by its owner and a worker representative."""

    plan_id: UUID
    enterprise_id: UUID
    module: Module
    themes: tuple[ThemeCount, ...]
    budget: Money
    approved_on: date
    provider_id: UUID | None = None


@consulting.event(key="plan_id")
class ActionCompleted(Event):
    """An action of an improvement plan was carried out."""

    plan_id: UUID
    action_id: UUID
    enterprise_id: UUID
    module: Module
    theme: Code
    saving: Money | None = None
    verified: bool
    completed_on: date
    provider_id: UUID | None = None


@consulting.event(key="source_id")
class ReadingReleased(Event):
    """An enterprise's reading may be counted outside consulting; a higher revision replaces a lower one."""

    source_id: UUID
    stage: ReadingStage
    enterprise_id: UUID
    module: Module | None = None
    reading: Reading
    revision: Integer
    taken_on: date
    audiences: tuple[Code, ...] = ()


@consulting.event(key="case_id")
class CasePublished(Event):
    """A before/after case was published with the consent of the enterprise and of everyone in its photos."""

    case_id: UUID
    enterprise_id: UUID
    module: Module
    theme: Code
    languages: tuple[Language, ...]
    published_on: date


@consulting.event(key="case_id")
class CaseWithdrawn(Event):
    """A published case was taken back."""

    case_id: UUID
    enterprise_id: UUID
    module: Module
    reason: Code
    withdrawn_on: date


@consulting.event(key="erasure_id")
class ErasureDone(AboutErasureDone):
    """Consulting erased its copy of a person."""
