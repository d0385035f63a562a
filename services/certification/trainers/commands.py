"""Enters trainers into the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from services.certification.trainers.model import Trainer
from services.certification.trainers.queries import acting_institution
from shared.contracts.events.certification import TrainerKind
from shared.contracts.values import Language, Sex
from shared.messaging.outbox.compacted import publish_party
from shared.storage.transaction import transactional


class NewTrainer(TypedDict):
    """The details of a trainer who enters the register."""

    name: str
    sex: Sex
    kind: TrainerKind
    language: NotRequired[Language]
    email: NotRequired[str]
    phone: NotRequired[str]
    provinces: NotRequired[Sequence[str]]


@transactional
def register_trainer(*, institution_id: UUID | None = None, **described: Unpack[NewTrainer]) -> Trainer:
    """Register a trainer of the caller's own institution, of the one that the programme names, or of none."""
    trainer = Trainer(**described, institution_id=acting_institution(institution_id))
    trainer.register()
    trainer.save()
    publish_party(trainer.party(), new=True)
    return trainer
