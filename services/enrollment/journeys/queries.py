"""Reads of journeys and of what gates are judged by, for commands and other subjects.

A journey may hold visits of trainers whom the caller cannot see, or be another provider's by now; what follows from it
follows for whoever brought it about.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.enrollment.enterprises.parts import journey_id_of
from services.enrollment.journeys.baseline import Baseline
from services.enrollment.journeys.model import Journey
from shared.kernel.context import unscoped


def journey_of(enterprise_id: UUID, module: str, provider_id: UUID) -> Journey:
    """Return the journey of an enterprise through a module, a new one where there is none yet."""
    journey_id = journey_id_of(enterprise_id, module)
    with unscoped("a journey is one whichever trainers it has had"):
        journey = Journey.find(journey_id)
    return journey or Journey(id=journey_id, enterprise_id=enterprise_id, module=module, provider_id=provider_id)


def journeys_of(enterprise_id: UUID) -> list[Journey]:
    with unscoped("what becomes of an enterprise becomes of every journey of it"):
        return list(Journey.objects(enterprise_id=enterprise_id))


def journeys_with(training_id: UUID) -> list[Journey]:
    """Return the journeys in which a delivered training is counted, or noted as missed."""
    with unscoped("a delivery that is taken back is taken back for everybody who was there"):
        return [*Journey.objects(classrooms__training_id=training_id), *Journey.objects(unattended=training_id)]


def completed_modules(enterprise_id: UUID) -> dict[str, date]:
    """Return the modules that an enterprise completed, each with the day on which it did."""
    return {journey.module: journey.completed_on for journey in journeys_of(enterprise_id) if journey.completed_on}


def completed_among(enterprise_ids: Iterable[UUID], module: str) -> set[UUID]:
    """Return those of the enterprises that completed a module."""
    wanted = [journey_id_of(enterprise_id, module) for enterprise_id in enterprise_ids]
    with unscoped("it only says whether the module is completed"):
        found = Journey.objects(id__in=wanted, completed_on__ne=None).only("enterprise_id")
        return {journey.enterprise_id for journey in found}


def had_classroom(enterprise_id: UUID, module: str) -> bool:
    with unscoped("it only says whether a classroom of the module was delivered"):
        journey = Journey.find(journey_id_of(enterprise_id, module))
    return journey is not None and journey.classroom is not None


def assessed_among(enterprise_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the enterprises that had their baseline assessment."""
    with unscoped("it only says whether the assessment took place"):
        return {baseline.id for baseline in Baseline.objects(id__in=list(enterprise_ids))}
