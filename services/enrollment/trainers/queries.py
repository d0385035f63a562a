"""Reads of trainers for pages: who may lead, by name where the caller may know it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from services.enrollment.trainers.authorisation import Authorisation
from services.enrollment.trainers.entitlement import Entitlement
from shared.i18n.formats import day, short
from shared.i18n.language import current_language, gettext
from shared.kernel.context import current_principal, seeing_everything
from shared.messaging import parties
from shared.storage.row_scope import SEES_ALL


def _listed_names(trainer_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names for the programme and for the trainers' own institution, the ends of ids for everybody else."""
    asked, caller = set(trainer_ids), current_principal()
    own = {
        party_id: str(party["name"])
        for party_id, party in parties.find_all(asked).items()
        if caller.role in SEES_ALL or party["belongs_to"] == caller.institution
    }
    return {trainer_id: own.get(trainer_id, short(trainer_id)) for trainer_id in asked}


def _by_name(said: dict[UUID, list[str]], names: dict[UUID, str]) -> list[tuple[UUID, str]]:
    lines = [(trainer_id, f"{names[trainer_id]}: {', '.join(words)}") for trainer_id, words in said.items()]
    return sorted(lines, key=lambda line: (line[1].startswith("…"), line[1].casefold()))


def certified_trainers(today: date) -> list[tuple[UUID, str]]:
    """Trainers with a certificate that is or becomes valid, each with its modules and their last days."""
    with seeing_everything():
        known = sorted(Entitlement.objects, key=lambda one: one.module)
    held: dict[UUID, list[str]] = {}
    for entitlement in known:
        last = entitlement.valid_to
        if entitlement.ended_on:
            last = min(last, entitlement.ended_on - timedelta(days=1))
        if last >= today:
            until = day(last, current_language())
            words = gettext("%(module)s until %(day)s", module=entitlement.module, day=until)
            held.setdefault(entitlement.trainer_id, []).append(words)
    return _by_name(held, _listed_names(held))


def authorised_candidates(today: date) -> list[tuple[UUID, str]]:
    """Candidates who may lead a module under an expert, now or later, each with the module, the expert and the last day."""
    with seeing_everything():
        known = sorted(Authorisation.objects, key=lambda one: one.module)
    names = _listed_names(trainer_id for one in known for trainer_id in (one.trainer_id, one.expert_id))
    candidates: dict[UUID, list[str]] = {}
    for one in known:
        if one.valid_to >= today:
            until = day(one.valid_to, current_language())
            said = gettext(
                "%(module)s under %(expert)s until %(day)s",
                module=one.module,
                expert=names[one.expert_id],
                day=until,
            )
            candidates.setdefault(one.trainer_id, []).append(said)
    return _by_name(candidates, names)
