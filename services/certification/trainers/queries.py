"""Reads of the register of trainers for its pages."""

from __future__ import annotations

from itertools import islice
from typing import Final
from uuid import UUID

from services.certification.partners.model import Partner
from services.certification.trainers.errors import UNKNOWN_INSTITUTION
from services.certification.trainers.model import Trainer
from shared.contracts.events.enrollment import InstitutionRegistered
from shared.domain.errors import Invalid
from shared.domain.names import is_called, name_key, words_of
from shared.domain.not_known import refusal
from shared.kernel.context import current_principal

MOST_FOUND: Final = 50


def acting_institution(institution_id: UUID | None) -> UUID | None:
    """Return the caller's own institution, or the one that the programme names; none is an answer, too."""
    own = current_principal().institution
    if own and institution_id not in (None, own):
        raise Invalid(errors=[UNKNOWN_INSTITUTION.at("/institution_id")])
    if institution_id and not own and Partner.find(institution_id) is None:
        raise refusal(InstitutionRegistered, {"/institution_id": institution_id}, UNKNOWN_INSTITUTION)
    return own or institution_id


def trainers_called(name: str) -> list[Trainer]:
    """Return trainers by words of their name or the beginnings of them, among those the caller may see.

    The names of the register are read for it, without anything else: trainers are hundreds, where people are many thousands.
    """
    words = words_of(name_key(name))
    if not words:
        return []
    stored = Trainer.objects(state="active").order_by("created_at").only("name").as_pymongo()
    matching = (row["_id"] for row in stored if is_called(words_of(name_key(row.get("name") or "")), words))
    found = Trainer.objects(id__in=list(islice(matching, MOST_FOUND)))
    return sorted(found, key=lambda trainer: name_key(trainer.name or ""))
