"""Reads what an institution was compared with today."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.enrollment.duplicates.model import Comparisons
from shared.kernel.context import unscoped


def comparisons_of(institution_id: UUID, day: date) -> Comparisons | None:
    with unscoped("what was compared for an institution is counted, whoever may read it"):
        return Comparisons.find(Comparisons.id_of(institution_id, day))
