"""Keeps what certification said of trainers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.enrollment.trainers.authorisation import Authorisation
from services.enrollment.trainers.entitlement import Entitlement
from shared.storage.transaction import transactional


@transactional
def keep_entitlement(
    *, qualification_id: UUID, trainer_id: UUID, module: str, valid_from: date, valid_to: date, ended_on: date | None
) -> None:
    """Keep what certification last said of a trainer and a module."""
    entitlement = Entitlement.find(qualification_id) or Entitlement(id=qualification_id)
    entitlement.trainer_id, entitlement.module = trainer_id, module
    entitlement.valid_from, entitlement.valid_to, entitlement.ended_on = valid_from, valid_to, ended_on
    entitlement.save()


@transactional
def keep_authorisation(
    *, qualification_id: UUID, trainer_id: UUID, module: str, expert_id: UUID, valid_from: date, valid_to: date
) -> None:
    """Keep that certification allowed a candidate to lead a module under an expert."""
    authorisation = Authorisation.find(qualification_id) or Authorisation(id=qualification_id)
    authorisation.trainer_id, authorisation.module, authorisation.expert_id = trainer_id, module, expert_id
    authorisation.valid_from, authorisation.valid_to = valid_from, valid_to
    authorisation.save()
