"""Requires that a trainer may visit for a module."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.consulting.settings import consulting_settings
from services.consulting.trainers.errors import not_certified
from services.consulting.trainers.model import CertifiedTrainer
from shared.contracts.event import type_of
from shared.contracts.events.certification import TrainerCertified, qualification_id
from shared.domain.gates import refuse_or_warn
from shared.domain.trainers import is_authorised
from shared.kernel.context import unscoped


def is_entitled(trainer_id: UUID, module: str, day: date) -> bool:
    """Say whether a trainer is certified for a module on a day, or authorised under an expert."""
    with unscoped("planning is judged by what certification said of anybody; no row is shown"):
        held = CertifiedTrainer.find(qualification_id(trainer_id, module))
    return (held is not None and held.covers(day)) or is_authorised(trainer_id, module, day)


def require_entitlement(trainer_id: UUID, *, module: str, day: date) -> None:
    """Refuse the plan of a visit by somebody who may not teach its module on that day."""
    gate = consulting_settings().entitlement_gate
    if gate == "off" or is_entitled(trainer_id, module, day):
        return
    refuse_or_warn(gate, not_certified(module), type_of(TrainerCertified))
