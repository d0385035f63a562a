"""Keeps what certification said of trainers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.consulting.trainers.model import CertifiedTrainer
from shared.storage.transaction import transactional


@transactional
def keep_entitlement(
    qualification_id: UUID, *, trainer_id: UUID, module: str, valid_from: date, valid_to: date, ended_on: date | None
) -> None:
    """Keep what was last said of a trainer's certificate for a module."""
    entitlement = CertifiedTrainer.find(qualification_id) or CertifiedTrainer(id=qualification_id)
    entitlement.trainer_id, entitlement.module = trainer_id, module
    entitlement.valid_from, entitlement.valid_to, entitlement.ended_on = valid_from, valid_to, ended_on
    entitlement.save()
