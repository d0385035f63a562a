"""Reads of visits: whom one may be given to, which numbers are taken, what the viewer may read of its history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.consulting.catalogue.queries import is_known_module
from services.consulting.settings import consulting_settings
from services.consulting.visits.errors import UNKNOWN_MODULE
from services.consulting.visits.model import Happening, Visit
from services.consulting.visits.rules import NUMBERED, require_past
from shared.domain.errors import Invalid
from shared.kernel import clock
from shared.kernel.context import unscoped
from shared.kernel.principal import Principal
from shared.messaging import parties


def taken_numbers(enterprise_id: UUID, module: str) -> set[int]:
    """Return the numbers that visits of a module hold in an enterprise."""
    with unscoped("a number is given once, whoever planned the visits that have one"):
        visits = list(Visit.objects(enterprise_id=enterprise_id, module=module))
    return {visit.number for visit in visits if visit.state in NUMBERED}


def require_module(code: str) -> None:
    """Refuse a module that no catalogue has told of."""
    if not is_known_module(code):
        raise Invalid(errors=[UNKNOWN_MODULE.at("/module")])


def require_visited(day: date) -> None:
    require_past(day, clock.today(consulting_settings().zone))


def visible_history(visit: Visit, viewer: Principal) -> list[Happening]:
    """Return what happened, in order. What reviewer and trainer write to each other is not for the enterprise."""
    if viewer.role != "enterprise":
        return list(visit.history)
    return [
        Happening(verb=step.verb, at=step.at, by=step.by, role=step.role, reason=step.reason) for step in visit.history
    ]


def trainers_of(provider_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Return the trainers of some providers and those of none, by name."""
    trainers = [
        (party_id, party["name"])
        for provider_id in {*provider_ids, None}
        for party_id, party in parties.belonging_to(provider_id, "trainer").items()
    ]
    return sorted(trainers, key=lambda pair: pair[1].casefold())
