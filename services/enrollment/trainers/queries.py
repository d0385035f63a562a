"""Reads of trainers: who may lead, on which days; whom a provider may plan with, by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from services.enrollment.trainers.authorisation import Authorisation
from services.enrollment.trainers.entitlement import Entitlement
from services.enrollment.trainers.lead import Lead
from shared.domain.trainers import erased_trainers, nameable
from shared.i18n.formats import day
from shared.i18n.language import current_language, gettext
from shared.i18n.names import named
from shared.kernel.context import unscoped
from shared.messaging import parties


def uncovered_days(lead: Lead, days: list[date]) -> list[date]:
    """Return the days on which a trainer may not lead, in order."""
    with unscoped("scheduling is judged by what certification said of anybody; no row is shown"):
        entitlement = Entitlement.find(lead.entitlement_id)
        authorisation = Authorisation.find(lead.authorisation_id) if lead.supervisor_id else None
    return lead.uncovered(days, entitlement=entitlement, authorisation=authorisation)


def is_anybody_certified() -> bool:
    with unscoped("it only says whether there is a trainer at all"):
        return Entitlement.objects.first() is not None


def _names(trainer_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of trainers whom somebody may plan with."""
    wanted_ids = set(trainer_ids)
    known = parties.find_all(wanted_ids)
    return named(wanted_ids, {trainer_id: row["name"] for trainer_id, row in known.items()})


def _by_name(modules_by_trainer: dict[UUID, list[str]], names: dict[UUID, str]) -> list[tuple[UUID, str]]:
    lines = [
        (trainer_id, f"{names[trainer_id]}: {', '.join(modules)}") for trainer_id, modules in modules_by_trainer.items()
    ]
    return sorted(lines, key=lambda line: line[1].casefold())


def certified_trainers(today: date, provider_id: UUID | None) -> list[tuple[UUID, str]]:
    """Return the trainers with a certificate that is or becomes valid, each with its modules and their last days: those
    with whom a provider may plan, all of them where none is chosen."""
    with unscoped("only those are listed whom the provider may plan with"):
        entitlements = sorted(Entitlement.objects, key=lambda entitlement: entitlement.module)
    standing = [(entitlement, last) for entitlement in entitlements if (last := _last_day(entitlement)) >= today]
    listed = _listed(((each.module, each.trainer_id) for each, _ in standing), today, provider_id)
    modules: dict[UUID, list[str]] = {}
    for entitlement, last in standing:
        if (entitlement.module, entitlement.trainer_id) in listed:
            until = day(last, current_language())
            words = gettext("%(module)s until %(day)s", module=entitlement.module, day=until)
            modules.setdefault(entitlement.trainer_id, []).append(words)
    return _by_name(modules, _names(modules))


def authorised_candidates(today: date, provider_id: UUID | None) -> list[tuple[UUID, str]]:
    """Return who may lead a module under an expert, now or later, each with the module, the expert and the last day: those
    with whom a provider may plan, all of them where none is chosen."""
    with unscoped("only those are listed whom the provider may plan with"):
        authorisations = sorted(Authorisation.objects, key=lambda authorisation: authorisation.module)
    standing = [authorisation for authorisation in authorisations if authorisation.valid_to >= today]
    listed = _listed(((each.module, each.trainer_id) for each in standing), today, provider_id)
    standing = [each for each in standing if (each.module, each.trainer_id) in listed]
    names = _names(trainer_id for each in standing for trainer_id in (each.trainer_id, each.expert_id))
    candidates: dict[UUID, list[str]] = {}
    for authorisation in standing:
        until = day(authorisation.valid_to, current_language())
        words = gettext(
            "%(module)s under %(expert)s until %(day)s",
            module=authorisation.module,
            expert=names[authorisation.expert_id],
            day=until,
        )
        candidates.setdefault(authorisation.trainer_id, []).append(words)
    return _by_name(candidates, names)


def _last_day(entitlement: Entitlement) -> date:
    last: date = entitlement.valid_to
    return min(last, entitlement.ended_on - timedelta(days=1)) if entitlement.ended_on else last


def _listed(named: Iterable[tuple[str, UUID]], today: date, provider_id: UUID | None) -> set[tuple[str, UUID]]:
    """Return those of these trainers, each for a module, whom a provider may plan with from today on; none who is erased."""
    erased = erased_trainers()
    wanted = {(module, trainer_id) for module, trainer_id in named if trainer_id not in erased}
    if provider_id is None:
        return wanted
    trainers_by_module: dict[str, set[UUID]] = {}
    for module, trainer_id in wanted:
        trainers_by_module.setdefault(module, set()).add(trainer_id)
    return {
        (module, trainer_id)
        for module, trainer_ids in trainers_by_module.items()
        for trainer_id in nameable(trainer_ids, provider_id=provider_id, module=module, days=(today, date.max))
    }
