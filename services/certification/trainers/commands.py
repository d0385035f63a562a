"""Enters trainers into the register."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.certification.trainers.model import Trainer
from shared.domain.errors import Invalid
from shared.kernel.context import current_principal
from shared.messaging.outbox.parties import publish_party
from shared.storage.transaction import transactional


@transactional
def register_trainer(*, institution_id: UUID | None = None, **described: Any) -> Trainer:
    """A trainer enters the register: of the caller's own institution, or of the one the programme names, or of none."""
    own = current_principal().institution
    if own and institution_id not in (None, own):
        words = {"id": "Lembaga ini tidak dikenal.", "en": "This institution is not known."}
        raise Invalid("/institution_id", "unknown-institution", words)
    trainer = Trainer(**described, institution_id=own or institution_id)
    trainer.register()
    trainer.save()
    publish_party(trainer.party())
    return trainer
