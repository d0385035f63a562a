"""Reads assessments: which ones an enterprise has, and who may make one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.consulting.assessments.model import Assessment, GivenPractice, day_faults, module_faults, practice_faults
from services.consulting.catalogue.errors import UNKNOWN_MODULE
from services.consulting.catalogue.queries import module_codes
from services.consulting.readings.rules import GivenReading, require_readings
from services.consulting.settings import consulting_settings
from shared.domain.errors import Invalid
from shared.domain.trainers import require_nameable
from shared.kernel import clock
from shared.kernel.context import unscoped
from shared.kernel.errors import Fault


def existing_assessment(enterprise_id: UUID, kind: str, module: str | None) -> Assessment | None:
    with unscoped("each assessment is made once, whoever made it"):
        return Assessment.find(Assessment.id_of(enterprise_id, kind, module))


def every_assessment_of(enterprise_id: UUID) -> list[Assessment]:
    with unscoped("assessments follow their enterprise, whoever made them"):
        return list(Assessment.objects(enterprise_id=enterprise_id))


def require_assessor(trainer_id: UUID, provider_id: UUID) -> None:
    """Refuse who is neither one of the provider's trainers nor of no institution: assessing needs no certificate."""
    today = clock.today(consulting_settings().zone)
    require_nameable({"/trainer_id": trainer_id}, provider_id=provider_id, module="", days=(today, today))


def require_assessed(day: date) -> None:
    _refuse(day_faults(day, clock.today(consulting_settings().zone)))


def require_practices(practices: Sequence[GivenPractice] | None) -> None:
    _refuse(practice_faults(practices or ()))


def require_suggested(modules: Sequence[str] | None) -> None:
    _refuse(module_faults(modules or (), module_codes(), UNKNOWN_MODULE))


def require_given(readings: Sequence[GivenReading] | None) -> None:
    require_readings(readings or ())


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid(errors=faults)
