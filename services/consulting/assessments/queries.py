"""Reads assessments: which ones an enterprise has, and who may make one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.consulting.assessments.model import Assessment, GivenPractice, module_faults, practice_faults
from services.consulting.catalogue.errors import UNKNOWN_MODULE
from services.consulting.catalogue.queries import module_codes
from services.consulting.readings.rules import GivenReading, require_readings
from services.consulting.settings import today
from shared.domain.days import future_faults
from shared.domain.refusals import refuse
from shared.kernel.context import unscoped


def existing_assessment(enterprise_id: UUID, kind: str, module: str | None) -> Assessment | None:
    with unscoped("each assessment is made once, whoever made it"):
        return Assessment.find(Assessment.id_of(enterprise_id, kind, module))


def every_assessment_of(enterprise_id: UUID) -> list[Assessment]:
    with unscoped("assessments follow their enterprise, whoever made them"):
        return list(Assessment.objects(enterprise_id=enterprise_id))


def require_assessed(day: date) -> None:
    refuse(future_faults("/assessed_on", day, today()))


def require_practices(practices: Sequence[GivenPractice] | None) -> None:
    refuse(practice_faults(practices or ()))


def require_suggested(modules: Sequence[str] | None) -> None:
    refuse(module_faults(modules or (), module_codes(), UNKNOWN_MODULE))


def require_given(readings: Sequence[GivenReading] | None) -> None:
    require_readings(readings or ())
