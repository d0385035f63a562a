"""Enters trainers into the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from services.certification.partners.model import Partner
from services.certification.trainers.errors import UNKNOWN_INSTITUTION
from services.certification.trainers.model import Trainer
from shared.contracts.events.certification import TrainerKind
from shared.contracts.events.enrollment import InstitutionRegistered
from shared.contracts.values import Language, Sex
from shared.domain.errors import Invalid
from shared.domain.not_known import refusal
from shared.kernel.context import current_principal
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
    own_institution = current_principal().institution
    if own_institution and institution_id not in (None, own_institution):
        raise Invalid(errors=[UNKNOWN_INSTITUTION.at("/institution_id")])
    if institution_id and not own_institution and Partner.find(institution_id) is None:
        raise refusal(InstitutionRegistered, {"/institution_id": institution_id}, UNKNOWN_INSTITUTION)
    trainer = Trainer(**described, institution_id=own_institution or institution_id)
    trainer.register()
    trainer.save()
    publish_party(trainer.party(), new=True)
    return trainer
