"""Starts, drafts and completes assessments, and lets them follow their enterprise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.consulting.assessments.errors import MODULE_NOT_ASKED, AssessmentExists
from services.consulting.assessments.model import (
    Assessment,
    AssessmentDraft,
    GivenPractice,
    drafted,
    module_faults,
    nothing_faults,
    pointed,
    practice_faults,
)
from services.consulting.assessments.queries import every_assessment_of, existing_assessment
from services.consulting.catalogue.errors import UNKNOWN_MODULE
from services.consulting.catalogue.queries import module_codes, require_module
from services.consulting.enterprises.queries import active_enterprise
from services.consulting.readings import commands as readings_commands
from services.consulting.readings.rules import GivenReading, reading_faults
from services.consulting.settings import today
from services.consulting.trainers.queries import require_trainer_of
from shared.domain.days import future_faults
from shared.domain.errors import Invalid
from shared.domain.refusals import Refusals, refuse
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.storage.transaction import transactional


@transactional
def start_assessment(*, enterprise_id: UUID, kind: str, trainer_id: UUID, module: str | None = None) -> Assessment:
    """Ask a trainer to assess an enterprise. Each assessment is made once; an endline may be of one module."""
    faults = Refusals()
    with faults.gather():
        enterprise = active_enterprise(enterprise_id)
        with faults.gather():
            require_trainer_of(enterprise.provider_id, trainer_id)
    with faults.gather():
        if module is not None:
            _require_module_of(kind, module)
    faults.end()
    existing = existing_assessment(enterprise_id, kind, module)
    if existing is not None:
        raise AssessmentExists(existing.id)
    enterprise.plannings += 1
    enterprise.save()
    return Assessment(
        id=Assessment.id_of(enterprise_id, kind, module),
        enterprise_id=enterprise_id,
        kind=kind,
        module=module,
        trainer_id=trainer_id,
        provider_id=enterprise.provider_id,
    ).save()


@transactional
def assign_assessment(assessment_id: UUID, *, trainer_id: UUID) -> Assessment:
    """Give an assessment that is to come to another trainer."""
    assessment = Assessment.get(assessment_id)
    assessment.assign(trainer_id)
    require_trainer_of(assessment.provider_id, trainer_id)
    return assessment.save()


@transactional
def keep_assessment_draft(
    assessment_id: UUID,
    *,
    assessed_on: date | None = None,
    practices: Sequence[GivenPractice] = (),
    readings: Sequence[GivenReading] = (),
    suggested_modules: Sequence[str] = (),
    notes: str | None = None,
) -> Assessment:
    """Keep an assessment that is not finished: only those who may hand it in read it."""
    assessment = Assessment.get(assessment_id)
    refuse(practice_faults(practices))
    assessment.keep_draft(
        AssessmentDraft(
            assessed_on=assessed_on,
            practices=pointed(practices),
            readings=drafted(readings),
            suggested_modules=list(suggested_modules),
            notes=notes,
            saved_at=clock.now(),
        )
    )
    return assessment.save()


@transactional
def complete_assessment(
    assessment_id: UUID,
    *,
    assessed_on: date,
    practices: Sequence[GivenPractice] = (),
    readings: Sequence[GivenReading] = (),
    suggested_modules: Sequence[str] = (),
    notes: str | None = None,
) -> Assessment:
    """Hand in what was assessed. What was left out is entered later, and what was wrong is corrected, in the same way: practices
    and readings that are not named stay as they were."""
    assessment = Assessment.get(assessment_id)
    refuse(
        [
            *future_faults("/assessed_on", assessed_on, today()),
            *practice_faults(practices),
            *reading_faults(readings),
            *module_faults(suggested_modules, module_codes(), UNKNOWN_MODULE),
            *nothing_faults(practices, readings, held=bool(assessment.history)),
        ]
    )
    assessment.complete(
        assessed_on,
        pointed(practices),
        suggested_modules=suggested_modules,
        notes=notes,
        by=current_principal(),
        at=clock.now(),
    )
    assessment.save()
    readings_commands.keep_readings(assessment.taken_at(), readings, assessment.points())
    return assessment


@transactional
def move_enterprise(enterprise_id: UUID, *, provider_id: UUID) -> None:
    """Let an enterprise's assessments and readings follow it to another provider; the trainers of the old one see them no
    longer."""
    for assessment in every_assessment_of(enterprise_id):
        if assessment.provider_id != provider_id:
            assessment.leave(provider_id)
            assessment.save()
    readings_commands.move_enterprise(enterprise_id, provider_id=provider_id)


def _require_module_of(kind: str, module: str) -> None:
    if kind != "endline":
        raise Invalid(errors=[MODULE_NOT_ASKED.at("/module")])
    require_module(module)
