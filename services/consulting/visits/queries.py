"""Reads of visits: whom one may be given to, which numbers are taken, what the viewer may read of its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.consulting.enterprises.model import AttendedClassroom, EnterpriseScope
from services.consulting.reports.checklists import Item, checklist
from services.consulting.reports.model import Happening
from services.consulting.settings import today
from services.consulting.visits.model import Visit
from services.consulting.visits.rules import ENDED, NUMBERED
from shared.domain.days import future_faults
from shared.domain.refusals import refuse
from shared.kernel.context import unscoped
from shared.kernel.principal import Principal


def visits_of_module(enterprise_id: UUID, module: str) -> list[Visit]:
    """Return every visit of a module in an enterprise, also those that ended."""
    with unscoped("a number is given once, whoever planned the visits that have one"):
        return list(Visit.objects(enterprise_id=enterprise_id, module=module))


def visits_to_plan(enterprise_id: UUID) -> list[Visit]:
    """Return the visits of an enterprise that are required and that nobody planned yet."""
    with unscoped("what a classroom requires opens and closes whoever is told of it"):
        return list(Visit.objects(enterprise_id=enterprise_id, state="to_plan"))


def taken_numbers(visits: Iterable[Visit]) -> set[int]:
    """Return the numbers that these visits of a module hold."""
    return {visit.number for visit in visits if visit.state in NUMBERED}


def ended_with(visits: Iterable[Visit], number: int) -> int:
    """Return how many of these visits had the number and gave it back."""
    return sum(visit.number == number and visit.state in ENDED for visit in visits)


def _classroom_of(visit: Visit) -> AttendedClassroom | None:
    with unscoped("whoever sees a visit may know the classroom that it follows"):
        enterprise = EnterpriseScope.find(visit.enterprise_id)
    return enterprise.classroom_of(visit.module) if enterprise else None


def training_of(visit: Visit) -> UUID | None:
    """Return the training that a visit follows, where it was told of."""
    room = _classroom_of(visit)
    return room.training_id if room else None


def checklist_of(visit: Visit) -> list[Item]:
    """Return what is asked in a visit, by its module and its place among those that the classroom requires."""
    room = _classroom_of(visit)
    return checklist(visit.module, visit.number, room.required_visits if room else None)


def require_visited(day: date) -> None:
    refuse(future_faults("/visited_on", day, today()))


def visible_history(visit: Visit, viewer: Principal) -> list[Happening]:
    """Return what happened, in order. What reviewer and trainer write to each other is not for the enterprise."""
    if viewer.role != "enterprise":
        return list(visit.history)
    return [
        step
        if step.verb in ("confirm", "dispute")
        else Happening(verb=step.verb, at=step.at, by=step.by, role=step.role, reason=step.reason)
        for step in visit.history
    ]
