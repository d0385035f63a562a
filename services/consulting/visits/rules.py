"""Gives a visit its number within its module, and judges its day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from services.consulting.visits.errors import DAY_TO_COME, number_taken
from shared.domain.errors import Invalid

NUMBERED = frozenset({"scheduled", "reported", "returned", "accepted"})
"""States in which a visit holds its number; a cancelled or voided one gives it back."""


def require_past(day: date, today: date) -> None:
    """Refuse the day of a visit that is to come: it has not taken place."""
    if day > today:
        raise Invalid(errors=[DAY_TO_COME.at("/visited_on")])


def number_for(wanted: int | None, taken: Collection[int]) -> int:
    """Return the number of a new visit: the wanted one, or the lowest that is free."""
    if wanted is None:
        return next(number for number in range(1, len(taken) + 2) if number not in taken)
    if wanted in taken:
        raise number_taken(wanted)
    return wanted
