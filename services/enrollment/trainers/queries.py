"""Reads of trainers: who may lead, on which days, by name where the caller may know it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from services.enrollment.trainers.authorisation import Authorisation
from services.enrollment.trainers.entitlement import Entitlement
from services.enrollment.trainers.lead import Lead
from shared.i18n.formats import day, short
from shared.i18n.language import current_language, gettext
from shared.kernel.context import current_principal, unscoped
from shared.messaging import parties
from shared.storage.row_scope import SEES_ALL


def uncovered_days(lead: Lead, days: list[date]) -> list[date]:
    """Return the days on which a trainer may not lead, in order."""
    with unscoped("scheduling is judged by what certification said of anybody; no row is shown"):
        entitlement = Entitlement.find(lead.entitlement_id)
        authorisation = Authorisation.find(lead.authorisation_id) if lead.supervisor_id else None
    return lead.uncovered(days, entitlement=entitlement, authorisation=authorisation)


def is_anybody_certified() -> bool:
    with unscoped("it only says whether there is a trainer at all"):
        return Entitlement.objects.first() is not None


def _listed_names(trainer_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return names for the programme and for the trainers' own institution, the ends of ids for everybody else."""
    wanted_ids, caller = set(trainer_ids), current_principal()
    names = {
        party_id: str(party["name"])
        for party_id, party in parties.find_all(wanted_ids).items()
        if caller.role in SEES_ALL or party["belongs_to"] == caller.institution
    }
    return {trainer_id: names.get(trainer_id, short(trainer_id)) for trainer_id in wanted_ids}


def _by_name(modules_by_trainer: dict[UUID, list[str]], names: dict[UUID, str]) -> list[tuple[UUID, str]]:
    lines = [
        (trainer_id, f"{names[trainer_id]}: {', '.join(modules)}") for trainer_id, modules in modules_by_trainer.items()
    ]
    return sorted(lines, key=lambda line: (line[1].startswith("…"), line[1].casefold()))


def certified_trainers(today: date) -> list[tuple[UUID, str]]:
    """Return the trainers with a certificate that is or becomes valid, each with its modules and their last days."""
    with unscoped("who is certified is public; names are only for those who may know them"):
        entitlements = sorted(Entitlement.objects, key=lambda entitlement: entitlement.module)
    modules: dict[UUID, list[str]] = {}
    for entitlement in entitlements:
        last_day = entitlement.valid_to
        if entitlement.ended_on:
            last_day = min(last_day, entitlement.ended_on - timedelta(days=1))
        if last_day >= today:
            until = day(last_day, current_language())
            words = gettext("%(module)s until %(day)s", module=entitlement.module, day=until)
            modules.setdefault(entitlement.trainer_id, []).append(words)
    return _by_name(modules, _listed_names(modules))


def authorised_candidates(today: date) -> list[tuple[UUID, str]]:
    """Return who may lead a module under an expert, now or later, each with the module, the expert and the last day."""
    with unscoped("whoever plans a classroom chooses among all candidates; names are for those who may know them"):
        authorisations = sorted(Authorisation.objects, key=lambda authorisation: authorisation.module)
    names = _listed_names(
        trainer_id
        for authorisation in authorisations
        for trainer_id in (authorisation.trainer_id, authorisation.expert_id)
    )
    candidates: dict[UUID, list[str]] = {}
    for authorisation in authorisations:
        if authorisation.valid_to >= today:
            until = day(authorisation.valid_to, current_language())
            words = gettext(
                "%(module)s under %(expert)s until %(day)s",
                module=authorisation.module,
                expert=names[authorisation.expert_id],
                day=until,
            )
            candidates.setdefault(authorisation.trainer_id, []).append(words)
    return _by_name(candidates, names)
