"""Trainers of whom the connected service has heard from certification."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.contracts.events.certification import SupervisedDeliveryAuthorised, TrainerRegistered
from shared.domain import trainers
from shared.kernel import ids
from shared.storage.transaction import transactional


@transactional
def known_trainer(trainer_id: UUID | None = None, *, of: UUID | None = None) -> UUID:
    """A trainer of an institution, or of none."""
    known = trainer_id or ids.new()
    trainers.keep_trainer(TrainerRegistered(trainer_id=known, sex="female", institution_id=of, kind="provider"))
    return known


@transactional
def authorised(trainer_id: UUID, expert: UUID, days: list[date]) -> SupervisedDeliveryAuthorised:
    """A candidate for M1 under an expert, between two days."""
    said = SupervisedDeliveryAuthorised(
        qualification_id=ids.derived("qualification", trainer_id, "M1"), trainer_id=trainer_id, module="M1",
        expert_id=expert, valid_from=min(days), valid_to=max(days),
    )  # fmt: skip
    trainers.keep_authorisation(said)
    return said
