"""Reads assessments: which ones an enterprise has, and who may make one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.consulting.assessments.model import Assessment, require_past
from services.consulting.settings import consulting_settings
from shared.domain.trainers import require_nameable
from shared.kernel import clock
from shared.kernel.context import unscoped


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
    require_past(day, clock.today(consulting_settings().zone))
