"""Counts classrooms and visits towards modules, and lets modules lapse and enterprises graduate."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import date
from uuid import UUID

from services.enrollment.enterprises.queries import any_enterprise
from services.enrollment.journeys.baseline import Baseline
from services.enrollment.journeys.model import Classroom, Journey
from services.enrollment.journeys.queries import completed_modules, journey_of, journeys_with
from shared.contracts.values import DeliveryMode
from shared.kernel import clock
from shared.reference.zones import WIB
from shared.storage.transaction import transactional


@transactional
def attend_classroom(
    *, module: str, provider_id: UUID, classroom: Classroom, present: Iterable[UUID], absent: Iterable[UUID]
) -> None:
    """Count a delivered classroom for the enterprises that were present, and note it as missed for those absent.

    An enterprise is present when it came with a manager and a worker on every day.
    """
    for enterprise_id in present:
        journey = journey_of(enterprise_id, module, provider_id)
        before = journey.completed_on
        journey.attend(copy(classroom), today=clock.today(WIB))
        _keep(journey, before)
    for enterprise_id in absent:
        journey = journey_of(enterprise_id, module, provider_id)
        journey.fail_attendance(classroom.training_id)
        journey.save()


@transactional
def lose_classroom(training_id: UUID, reason: str) -> None:
    """Take a reversed delivery out of journeys: an earlier classroom counts again where there is one."""
    for journey in journeys_with(training_id):
        before = journey.completed_on
        journey.lose_classroom(training_id, reason, today=clock.today(WIB))
        _keep(journey, before)


@transactional
def count_visit(*, enterprise_id: UUID, module: str, provider_id: UUID, visit_id: UUID, visited_on: date) -> None:
    """Count an accepted visit towards its module."""
    journey = journey_of(enterprise_id, module, provider_id)
    before = journey.completed_on
    journey.count(visit_id, visited_on, today=clock.today(WIB))
    _keep(journey, before)


@transactional
def discount_visit(*, enterprise_id: UUID, module: str, provider_id: UUID, visit_id: UUID, reason: str) -> None:
    """Take a voided visit out of its module's count."""
    journey = journey_of(enterprise_id, module, provider_id)
    before = journey.completed_on
    journey.discount(visit_id, reason, today=clock.today(WIB))
    _keep(journey, before)


@transactional
def lapse_module(journey_id: UUID, *, today: date, delivery_mode: DeliveryMode) -> None:
    """Let a module lapse that was not completed in time."""
    journey = Journey.get(journey_id)
    journey.lapse(today, delivery_mode)
    journey.save()


@transactional
def keep_baseline(enterprise_id: UUID, assessed_on: date) -> None:
    """Keep that consulting assessed an enterprise."""
    baseline = Baseline.find(enterprise_id) or Baseline(id=enterprise_id, assessed_on=assessed_on)
    baseline.assessed_on = min(baseline.assessed_on, assessed_on)  # assessments have no order among them
    baseline.save()


@transactional
def graduate_if_complete(enterprise_id: UUID) -> None:
    """Graduate the enterprise whose plan is now completed, or open its plan again where that is no longer so."""
    enterprise = any_enterprise(enterprise_id)
    if enterprise is None or enterprise.state not in ("enrolled", "graduated"):
        return
    if enterprise.weigh_graduation(completed_modules(enterprise_id), clock.today(WIB)):
        enterprise.save()


def _keep(journey: Journey, completed_before: date | None) -> None:
    """Save a journey; when it came to be completed, or no longer is, the enterprise's graduation is looked at."""
    journey.save()
    if journey.completed_on != completed_before:
        graduate_if_complete(journey.enterprise_id)
