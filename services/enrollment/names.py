"""Names beside ids, for people. Those of trainers come from the local copy of certification's parties.

Asked only about ids of rows that the caller may see; the end of an id stands where a name is not known, and in a list of
trainers for everybody who is not of the caller's institution.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from services.enrollment.authorisation import Authorisation
from services.enrollment.enterprise import Enterprise
from services.enrollment.entitlement import Entitlement
from services.enrollment.institution import Institution
from services.enrollment.module_version import ModuleVersion
from services.enrollment.participant import Participant
from shared.messaging import contacts
from shared.runtime.context import current_principal, seeing_everything
from shared.storage.scope import SEES_ALL
from shared.web.pages import current_language, gettext
from shared.web.pages.formats import day, short
from shared.web.pages.language import localized

SOLE_PROPRIETOR = "perorangan"


def called(enterprise: Enterprise) -> str:
    """Its name with its legal form, where that is part of a name."""
    plain = enterprise.legal_form == SOLE_PROPRIETOR
    return str(enterprise.name if plain else f"{enterprise.legal_form} {enterprise.name}")


def enterprise_names(wanted: Iterable[UUID]) -> dict[UUID, str]:
    asked = set(wanted)
    with seeing_everything():
        found = {row.id: called(row) for row in Enterprise.objects(id__in=list(asked))} if asked else {}
    return {row_id: found.get(row_id, short(row_id)) for row_id in asked}


def institution_names(wanted: Iterable[UUID]) -> dict[UUID, str]:
    asked = set(wanted)
    with seeing_everything():
        found = {row.id: str(row.name) for row in Institution.objects(id__in=list(asked))} if asked else {}
    return {row_id: found.get(row_id, short(row_id)) for row_id in asked}


def active_providers() -> list[tuple[UUID, str]]:
    """The institutions that the caller may register for, by name."""
    found = [(row.id, str(row.name)) for row in Institution.objects(state="active") if row.kind != "sponsor"]
    return sorted(found, key=lambda pair: pair[1].casefold())


def module_names() -> dict[str, str]:
    """Each module of the catalogue with the name of its newest version."""
    versions = sorted(ModuleVersion.objects, key=lambda version: (version.module, version.number))
    return {version.module: localized(version.names) for version in versions}


def module_called(code: str) -> str:
    """Its code, and its name where the catalogue has one."""
    return f"{code} {module_names().get(code, '')}".strip()


def _listed_names(trainer_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names for the programme and for the trainers' own institution, the ends of ids for everybody else."""
    asked, caller = set(trainer_ids), current_principal()
    own = {
        party_id: str(party["name"])
        for party_id, party in contacts.find_all(asked).items()
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


def participant_names(wanted: Iterable[UUID]) -> dict[UUID, str]:
    """For whoever may see the people; the end of an id stands for everybody else."""
    asked = set(wanted)
    found = {row.id: str(row.name) for row in Participant.objects(id__in=list(asked)) if row.name} if asked else {}
    return {row_id: found.get(row_id, short(row_id)) for row_id in asked}
