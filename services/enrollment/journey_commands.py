"""What enrollment can be asked about journeys, and what it keeps of certification and consulting to judge by."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.enrollment.authorisation import Authorisation
from services.enrollment.baseline import Baseline
from services.enrollment.enterprise_commands import graduate_if_complete
from services.enrollment.entitlement import Entitlement
from services.enrollment.journey import Classroom, Journey
from services.enrollment.training import Training
from shared.contracts.values import DeliveryMode
from shared.runtime.context import seeing_everything
from shared.storage.transaction import transactional


@transactional
def attend_classroom(training: Training) -> None:
    """A classroom was delivered: it counts for every enterprise that came with a manager and a worker, and the others
    are told what they miss."""
    classroom = {
        "training_id": training.id,
        "delivered_on": training.last_day,
        "lead_trainer_id": training.lead_trainer_id,
        "required_visits": training.required_visits,
        "delivery_mode": training.delivery_mode,
    }
    with seeing_everything():  # a journey may already hold visits of trainers whom the caller cannot see
        for roster in training.present():
            journey = Journey.of(roster.enterprise_id, training.module, training.provider_id)
            before = journey.completed_on
            journey.attend(Classroom(**classroom))
            _keep(journey, before)
        for roster in training.absent():
            journey = Journey.of(roster.enterprise_id, training.module, training.provider_id)
            journey.fail_attendance(training.id)
            journey.save()


@transactional
def lose_classroom(training_id: UUID, reason: str) -> None:
    """A delivery was taken back: an earlier classroom counts again where there is one."""
    with seeing_everything():
        known = [*Journey.objects(classrooms__training_id=training_id), *Journey.objects(unattended=training_id)]
        for journey in known:
            before = journey.completed_on
            journey.lose_classroom(training_id, reason)
            _keep(journey, before)


@transactional
def count_visit(*, enterprise_id: UUID, module: str, provider_id: UUID, visit_id: UUID, visited_on: date) -> None:
    """An accepted visit counts towards its module."""
    journey = Journey.of(enterprise_id, module, provider_id)
    before = journey.completed_on
    journey.count(visit_id, visited_on)
    _keep(journey, before)


@transactional
def discount_visit(*, enterprise_id: UUID, module: str, provider_id: UUID, visit_id: UUID, reason: str) -> None:
    """A voided visit no longer counts."""
    journey = Journey.of(enterprise_id, module, provider_id)
    before = journey.completed_on
    journey.discount(visit_id, reason)
    _keep(journey, before)


@transactional
def lapse_module(journey_id: UUID, *, today: date, delivery_mode: DeliveryMode) -> None:
    """A module was not completed in time."""
    journey = Journey.get(journey_id)
    journey.lapse(today, delivery_mode)
    journey.save()


@transactional
def review_lead(training_id: UUID, *, today: date) -> bool:
    """Whether the lead trainer of a planned classroom is still entitled on the days to come; true for a new finding."""
    training = Training.get(training_id)
    to_come = [day for day in training.days if day >= today]
    changed = training.review_lead(training.lead.uncovered(to_come))
    if changed:
        training.save()
    return changed


@transactional
def keep_entitlement(
    *, qualification_id: UUID, trainer_id: UUID, module: str, valid_from: date, valid_to: date, ended_on: date | None
) -> None:
    """What certification last said of a trainer and a module."""
    entitlement = Entitlement.find(qualification_id) or Entitlement(id=qualification_id)
    entitlement.trainer_id, entitlement.module = trainer_id, module
    entitlement.valid_from, entitlement.valid_to, entitlement.ended_on = valid_from, valid_to, ended_on
    entitlement.save()


@transactional
def keep_authorisation(
    *, qualification_id: UUID, trainer_id: UUID, module: str, expert_id: UUID, valid_from: date, valid_to: date
) -> None:
    """Certification allowed a candidate to lead a module under an expert."""
    authorisation = Authorisation.find(qualification_id) or Authorisation(id=qualification_id)
    authorisation.trainer_id, authorisation.module, authorisation.expert_id = trainer_id, module, expert_id
    authorisation.valid_from, authorisation.valid_to = valid_from, valid_to
    authorisation.save()


@transactional
def keep_baseline(enterprise_id: UUID, assessed_on: date) -> None:
    """Consulting assessed an enterprise."""
    baseline = Baseline.find(enterprise_id) or Baseline(id=enterprise_id, assessed_on=assessed_on)
    baseline.assessed_on = min(baseline.assessed_on, assessed_on)  # assessments have no order among them
    baseline.save()


def _keep(journey: Journey, completed_before: date | None) -> None:
    """Save a journey; when it came to be completed, or no longer is, the enterprise's graduation is looked at."""
    journey.save()
    if journey.completed_on != completed_before:
        graduate_if_complete(journey.enterprise_id)
