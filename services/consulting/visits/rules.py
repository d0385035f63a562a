"""Names what the events of a visit say alike; gives a visit its number, says which are still required."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from uuid import UUID

from services.consulting.visits.errors import number_taken
from shared.contracts.values import Module

NUMBERED = frozenset({"scheduled", "reported", "returned", "accepted"})
"""States in which a visit holds its number; a cancelled or voided one gives it back."""
ENDED = frozenset({"cancelled", "voided"})


class VisitSubject(TypedDict):
    """What every event says of the visit that it is about."""

    visit_id: UUID
    enterprise_id: UUID
    module: Module
    number: int
    trainer_id: UUID


class PlannedVisit(VisitSubject):
    """What the events of a visit that is to come have in common."""

    planned_on: date
    minutes: int
    provider_id: UUID


class ReportedVisit(VisitSubject):
    """What the events of a visit that took place have in common."""

    visited_on: date
    minutes: int
    provider_id: UUID


def number_for(wanted: int | None, taken: Collection[int]) -> int:
    """Return the number of a new visit: the wanted one, or the lowest that is free."""
    if wanted is None:
        return next(number for number in range(1, len(taken) + 2) if number not in taken)
    if wanted in taken:
        raise number_taken(wanted)
    return wanted


@dataclass(frozen=True, slots=True)
class Held:
    """A visit that somebody planned: its number and state, and the day on which it took place."""

    number: int
    state: str
    visited_on: date | None = None

    def counts_after(self, delivered_on: date) -> bool:
        """Say whether it stands for a required visit; one that was made before the classroom never counts."""
        return self.state in NUMBERED and not (self.visited_on and self.visited_on < delivered_on)


def numbers_to_plan(required: int, delivered_on: date, planned: Collection[Held]) -> dict[int, int]:
    """Return the numbers of the visits that a classroom requires and nobody planned, each with its place among the required
    ones. They are the lowest that are free."""
    holding = [visit for visit in planned if visit.state in NUMBERED]
    taken = {visit.number for visit in holding}
    before = [visit.number for visit in holding if not visit.counts_after(delivered_on)]
    needed = max(0, required - len(holding) + len(before))
    free = [number for number in range(1, len(taken) + required + 1) if number not in taken]
    return {number: number - sum(other < number for other in before) for number in free[:needed]}
