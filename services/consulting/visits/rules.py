"""Gives a visit its number within its module."""

from __future__ import annotations

from collections.abc import Collection

from services.consulting.visits.errors import number_taken

NUMBERED = frozenset({"scheduled", "reported", "returned", "accepted"})
"""States in which a visit holds its number; a cancelled or voided one gives it back."""


def number_for(wanted: int | None, taken: Collection[int]) -> int:
    """Return the number of a new visit: the wanted one, or the lowest that is free."""
    if wanted is None:
        return next(number for number in range(1, len(taken) + 2) if number not in taken)
    if wanted in taken:
        raise number_taken(wanted)
    return wanted
