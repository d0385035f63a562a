"""Reads of visits: whom one may be given to, which numbers are taken, what the viewer may read of its history."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.consulting.visits.model import Happening, Visit
from services.consulting.visits.rules import NUMBERED
from shared.kernel.context import unscoped
from shared.kernel.principal import Principal
from shared.messaging import parties


def taken_numbers(enterprise_id: UUID, module: str) -> set[int]:
    """Return the numbers that visits of a module hold in an enterprise."""
    with unscoped("a number is given once, whoever planned the visits that have one"):
        visits = list(Visit.objects(enterprise_id=enterprise_id, module=module))
    return {visit.number for visit in visits if visit.state in NUMBERED}


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
