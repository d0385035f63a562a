"""Reads of letters of commitment, which are read through their enterprise alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.participation.commitment_letter import CommitmentLetter
from shared.kernel.context import unscoped


def letter_or_none(letter_id: UUID) -> CommitmentLetter | None:
    """Return the letter, if any, for a caller who may see the enterprise that it is of."""
    with unscoped("a letter is read by whoever may see its enterprise"):
        return CommitmentLetter.find(letter_id)


def commitment_letter_of(enterprise_id: UUID) -> CommitmentLetter | None:
    """Return the letter that an enterprise's commitment refers to, for those who may see the enterprise."""
    enterprise = Enterprise.get(enterprise_id)
    if enterprise.commitment is None or enterprise.commitment.letter_id is None:
        return None
    return letter_or_none(enterprise.commitment.letter_id)


def loose_letters(before: datetime) -> list[CommitmentLetter]:
    """Return the letters, without their content, that nothing has referred to since before a moment."""
    since = datetime.fromtimestamp(0, before.tzinfo)
    return list(CommitmentLetter.objects(loose_since__gte=since, loose_since__lt=before).exclude("content"))


def count_loose_letters(sender: UUID) -> int:
    """Return how many letters of a sender nothing refers to, of whichever of its enterprises they are."""
    with unscoped("what a sender has stored is counted whoever may read it"):
        return len(list(CommitmentLetter.objects(loose_for=sender).only("id")))
