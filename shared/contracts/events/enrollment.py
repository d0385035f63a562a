"""What enrollment says: partners, enterprises and their journey through the modules, classrooms, consent and erasure.

Names and addresses of everyone here travel on `score.contacts.enrollment` only.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from shared.contracts.erasure import AboutErasure, AboutErasureDone
from shared.contracts.event import Event, Owner
from shared.contracts.events.enrollment_outlines import AboutEnterprise, AboutParticipant, AboutRoster, AboutTraining
from shared.contracts.values import (
    DeliveredEnterprise,
    DeliveryMode,
    InstitutionKind,
    InvitedEnterprise,
    MissingPart,
    Module,
    PlannedModule,
    Role,
    Sex,
    WithdrawalStage,
)
from shared.contracts.wire.shape import Code, Integer

enrollment: Final = Owner("enrollment")


@enrollment.event(key="institution_id")
class InstitutionRegistered(Event):
    """A partner institution was entered in the register."""

    institution_id: UUID
    kind: InstitutionKind
    province: Code


@enrollment.event(key="institution_id")
class InstitutionSuspended(Event):
    """A partner institution was suspended: its tokens are refused everywhere."""

    institution_id: UUID
    reason: Code


@enrollment.event(key="institution_id")
class InstitutionRestored(Event):
    """A suspended institution takes part again: its tokens are accepted everywhere."""

    institution_id: UUID


@enrollment.event(key="enterprise_id")
class EnterpriseRegistered(AboutEnterprise):
    """An enterprise signed up for the programme."""


@enrollment.event(key="enterprise_id")
class EnterpriseCorrected(AboutEnterprise):
    """What was said of an enterprise was wrong or is out of date; this says everything that now holds."""


@enrollment.event(key="enterprise_id")
class EnterpriseProviderChanged(Event):
    """An enterprise moved to another provider, who alone may see it from then on."""

    enterprise_id: UUID
    provider_id: UUID
    previous_provider_id: UUID
    delivery_mode: DeliveryMode
    changed_on: date


@enrollment.event(key="enterprise_id")
class EnterpriseScreened(Event):
    """It was found out whether an enterprise may take part; the last one holds."""

    enterprise_id: UUID
    provider_id: UUID
    eligible: bool
    reasons: tuple[Code, ...] = ()
    screened_on: date


@enrollment.event(key="enterprise_id")
class EnterpriseEnrolled(AboutEnterprise):
    """An enterprise signed its commitment and agreed on a plan of modules."""

    plan: tuple[PlannedModule, ...]
    enterprise_share_percent: Integer | None = None
    enrolled_on: date


@enrollment.event(key="enterprise_id")
class EnterpriseGraduated(Event):
    """An enterprise completed every module of its plan."""

    enterprise_id: UUID
    provider_id: UUID
    modules: tuple[Module, ...]
    graduated_on: date


@enrollment.event(key="enterprise_id")
class EnterpriseGraduationReversed(Event):
    """A module of a graduated enterprise no longer counts as completed; its plan is open again."""

    enterprise_id: UUID
    provider_id: UUID
    modules: tuple[Module, ...]
    reversed_on: date


@enrollment.event(key="enterprise_id")
class EnterpriseWithdrawn(Event):
    """An enterprise left the programme before its plan was completed."""

    enterprise_id: UUID
    provider_id: UUID
    stage: WithdrawalStage
    reason: Code
    withdrawn_on: date


@enrollment.event(key="merged_id")
class EnterprisesMerged(Event):
    """Two registrations turned out to be one enterprise; this is the last event of the one that was given up."""

    merged_id: UUID
    kept_id: UUID


@enrollment.event(key="module_version_id")
class ModuleVersionPublished(Event):
    """A version of a module entered the catalogue."""

    module_version_id: UUID
    module: Module
    module_version: Integer
    classroom_days: Integer
    required_visits: Integer
    prerequisites: tuple[Module, ...]
    valid_from: date


@enrollment.event(key="training_id")
class TrainingScheduled(AboutTraining):
    """A classroom was fixed: days, place in time, trainers."""


@enrollment.event(key="training_id")
class TrainingRescheduled(AboutTraining):
    """A classroom was moved or its trainers changed; this says everything that now holds."""

    previous_days: tuple[date, ...]
    reason: Code
    invited: tuple[InvitedEnterprise, ...] = ()


@enrollment.event(key="training_id")
class TrainingCancelled(AboutTraining):
    """A classroom was called off."""

    reason: Code
    invited: tuple[InvitedEnterprise, ...] = ()


@enrollment.event(key="training_id")
class RosterSeated(AboutRoster):
    """An enterprise's roster got its seats in a classroom."""


@enrollment.event(key="training_id")
class RosterWaitlisted(AboutRoster):
    """An enterprise's roster did not fit whole and waits for seats."""

    position: Integer


@enrollment.event(key="training_id")
class RosterWithdrawn(AboutRoster):
    """An enterprise gave its seats back, or its place in the waiting list."""

    reason: Code


@enrollment.event(key="training_id")
class TrainerConflictFound(Event):
    """The lead trainer of a planned classroom is no longer entitled on these of its days; the classroom stays planned."""

    training_id: UUID
    module: Module
    provider_id: UUID
    lead_trainer_id: UUID
    days: tuple[date, ...]
    found_on: date


class AboutDelivery(Event):
    """A classroom that took place."""

    training_id: UUID
    module: Module
    module_version: Integer
    delivered_on: date
    provider_id: UUID
    lead_trainer_id: UUID
    trainer_ids: tuple[UUID, ...]
    supervisor_id: UUID | None = None
    delivery_mode: DeliveryMode
    required_visits: Integer
    enterprises: tuple[DeliveredEnterprise, ...]


@enrollment.event(key="training_id")
class TrainingDelivered(AboutDelivery):
    """A classroom took place and its attendance list was closed."""


@enrollment.event(key="training_id")
class DeliveryReversed(AboutDelivery):
    """A delivery turned out to be wrong and no longer counts."""

    reason: Code
    reversed_on: date


class AboutCompletion(Event):
    """A module that an enterprise completed."""

    journey_id: UUID
    enterprise_id: UUID
    module: Module
    training_id: UUID
    visit_ids: tuple[UUID, ...]
    lead_trainer_id: UUID
    delivery_mode: DeliveryMode
    provider_id: UUID
    completed_on: date


@enrollment.event(key="journey_id")
class ModuleCompleted(AboutCompletion):
    """An enterprise had its classroom and every required accepted visit of a module."""


@enrollment.event(key="journey_id")
class ModuleCompletionReversed(AboutCompletion):
    """A completed module lost its classroom or a visit and no longer counts."""

    reason: Code
    reversed_on: date


@enrollment.event(key="journey_id")
class ModuleLapsed(Event):
    """A module was not completed in time."""

    journey_id: UUID
    enterprise_id: UUID
    module: Module
    training_id: UUID | None = None
    visit_ids: tuple[UUID, ...] = ()
    lead_trainer_id: UUID | None = None
    delivery_mode: DeliveryMode
    provider_id: UUID
    missing: tuple[MissingPart, ...]
    lapsed_on: date


@enrollment.event(key="participant_id")
class ParticipantRegistered(AboutParticipant):
    """A person of an enterprise was put down for training."""

    sex: Sex
    role: Role


@enrollment.event(key="participant_id")
class ConsentChanged(AboutParticipant):
    """A person gave or withdrew consent."""

    withdrawn: tuple[Code, ...] = ()


@enrollment.event(key="person_id")
class PersonErased(AboutErasure):
    """A person known to enrollment was erased; every holder of a copy erases too."""


@enrollment.event(key="erasure_id")
class ErasureDone(AboutErasureDone):
    """Enrollment erased its copy of a person whom another service owns."""
