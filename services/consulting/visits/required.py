"""Opens the visits that classrooms require, and finds the one that somebody plans.

It goes by what is kept alone, so whatever comes first, a classroom, the sign-up, a plan or a change of provider, ends alike.
"""

from __future__ import annotations

from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.enterprises.queries import scope_of
from services.consulting.settings import consulting_settings
from services.consulting.visits.model import Visit
from services.consulting.visits.queries import ended_with, taken_numbers, visits_of_module, visits_to_plan
from services.consulting.visits.rules import Held, number_for, numbers_to_plan


def visit_to_plan(enterprise: EnterpriseScope, module: str, number: int | None) -> Visit:
    """Return the visit that is now planned: the one that a classroom requires, else a new one."""
    others = visits_of_module(enterprise.id, module)
    given = number_for(number, taken_numbers(others))
    waiting = next((visit for visit in others if visit.state == "to_plan" and visit.number == given), None)
    return waiting or _new_visit(enterprise, module, given, others)


def _new_visit(enterprise: EnterpriseScope, module: str, number: int, others: list[Visit]) -> Visit:
    ended = ended_with(others, number)
    return Visit(
        id=Visit.id_of(enterprise.id, module, number, ended),
        enterprise_id=enterprise.id,
        module=module,
        number=number,
        round=ended,
        minutes=consulting_settings().visit_minutes,
        provider_id=enterprise.provider_id,
    )


def end_visit(visit: Visit) -> Visit:
    """Save a visit that gives its number back; what the classroom requires opens again."""
    visit.save()
    enterprise = scope_of(visit.enterprise_id)
    enterprise.plannings += 1
    enterprise.save()
    open_required(enterprise)
    return visit


def open_required(enterprise: EnterpriseScope) -> None:
    """Open the visits that the classrooms of an enterprise require and nobody planned, and close those no longer required."""
    modules = {room.module for room in enterprise.classrooms}
    modules |= {visit.module for visit in visits_to_plan(enterprise.id)}
    for module in sorted(modules):
        _open_required_of(enterprise, module)


def _open_required_of(enterprise: EnterpriseScope, module: str) -> None:
    others = visits_of_module(enterprise.id, module)
    waiting = {visit.number: visit for visit in others if visit.state == "to_plan"}
    room = enterprise.classroom_of(module) if enterprise.state == "active" and enterprise.provider_id else None
    planned = [
        Held(visit.number, visit.state, visit.report.visited_on if visit.report else None)
        for visit in others
        if visit.state != "to_plan"
    ]
    places = numbers_to_plan(room.required_visits, room.delivered_on, planned) if room else {}
    for number in waiting.keys() - places.keys():
        waiting[number].delete()
    if room is None:
        return
    for number, place in places.items():
        visit = waiting.get(number) or _new_visit(enterprise, module, number, others)
        interval = consulting_settings().visit_interval_days
        if visit.require(room, enterprise.provider_id, place=place, interval_days=interval):
            visit.save()
