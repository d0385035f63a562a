"""Reads of participants for pages."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.enrollment.people.model import Participant
from shared.i18n.formats import short


def participant_names(wanted: Iterable[UUID]) -> dict[UUID, str]:
    """For whoever may see the people; the end of an id stands for everybody else."""
    asked = set(wanted)
    found = {row.id: str(row.name) for row in Participant.objects(id__in=list(asked)) if row.name} if asked else {}
    return {row_id: found.get(row_id, short(row_id)) for row_id in asked}
