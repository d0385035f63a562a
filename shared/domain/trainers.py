"""Keeps, in every service, to which institution each trainer belongs and which candidates may lead under which expert.

By it a suspension reaches the trainers of an institution, and by it a service judges whom a plan may name: a provider's
own trainers, those of no institution, and whoever certification authorised to stand together with one of them. Nobody else,
since a trainer reads what is planned with them. A trainer of somebody else's and one that no event has told of yet are
refused in the same words, which go by the age of the id (`not_known`), so that nobody learns which ids exist elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from shared.contracts.event import type_of
from shared.contracts.events.certification import SupervisedDeliveryAuthorised, TrainerRegistered
from shared.domain.not_known import refusal
from shared.domain.refusals import refuse_or_warn
from shared.kernel.errors import Fault
from shared.kernel.message import Message
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.storage.indexes import index

TRAINERS: Final = "known_trainers"
AUTHORISATIONS: Final = "known_authorisations"
ERASED: Final = "erased_trainers"
COLLECTIONS: dict[str, Any] = {
    TRAINERS: (index("institution_id"),),
    AUTHORISATIONS: (index("trainer_id"), index("expert_id")),
    ERASED: (),
}
SIDES: Final = ("trainer_id", "expert_id")  # of an authorisation
UNKNOWN_TRAINER: Final = Fault(
    "unknown-trainer",
    Message("This trainer is not known here as one of this provider's, as a freelance, or as authorised for this."),
)


def keep_trainer(event: TrainerRegistered) -> None:
    if _erased([event.trainer_id]):
        return  # an erasure is applied on arrival, before what its trainer was told of
    row = {"institution_id": event.institution_id}
    connection.database()[TRAINERS].replace_one({"_id": event.trainer_id}, row, upsert=True)


def keep_authorisation(event: SupervisedDeliveryAuthorised) -> None:
    """Keep the newest authorisation of a candidate for a module."""
    if _erased([event.trainer_id, event.expert_id]):
        return
    row = {
        "trainer_id": event.trainer_id,
        "expert_id": event.expert_id,
        "module": event.module,
        "valid_from": event.valid_from.isoformat(),
        "valid_to": event.valid_to.isoformat(),
    }
    connection.database()[AUTHORISATIONS].replace_one({"_id": event.qualification_id}, row, upsert=True)


def forget_trainer(trainer_id: UUID) -> None:
    """Forget a trainer who is erased; the id stays, so that no token of theirs is taken and no plan names them."""
    database = connection.database()
    database[ERASED].replace_one({"_id": trainer_id}, {}, upsert=True)
    database[TRAINERS].delete_one({"_id": trainer_id})
    for side in SIDES:
        database[AUTHORISATIONS].delete_many({side: trainer_id})


def erased_trainers() -> frozenset[UUID]:
    return frozenset(row["_id"] for row in connection.database()[ERASED].find({}))


def trainers_of(institutions: Collection[UUID]) -> frozenset[UUID]:
    """Return the trainers who belong to these institutions."""
    if not institutions:
        return frozenset()
    rows = connection.database()[TRAINERS].find({"institution_id": {"$in": list(institutions)}}, {"_id": 1})
    return frozenset(row["_id"] for row in rows)


def nameable(trainer_ids: Iterable[UUID], *, provider_id: UUID, module: str, days: tuple[date, date]) -> set[UUID]:
    """Return those of these trainers whom a plan of a provider may name, for a module and between two days."""
    wanted = set(trainer_ids)
    usual = _usual(wanted, provider_id)
    others = wanted - usual - _erased(wanted - usual)
    if not others:
        return usual
    together = _pairs(others, module, days)
    sides = [*together, *((expert, candidate) for candidate, expert in together)]
    pairs = [pair for pair in sides if pair[0] in others]
    partners = _usual({partner for _, partner in pairs}, provider_id)
    return usual | {trainer for trainer, partner in pairs if partner in partners}


def is_authorised(trainer_id: UUID, module: str, day: date) -> bool:
    """Say whether certification allowed a candidate to teach a module under an expert on a day."""
    return any(candidate == trainer_id for candidate, _ in _pairs([trainer_id], module, (day, day)))


def require_nameable(named: Mapping[str, UUID], *, provider_id: UUID, module: str, days: tuple[date, date]) -> None:
    """Refuse a plan that names somebody whom it may not; `named` holds each trainer by the place in the request."""
    gate = settings().trainer_gate
    if gate == "off":
        return
    known = nameable(named.values(), provider_id=provider_id, module=module, days=days)
    unknown = {pointer: trainer_id for pointer, trainer_id in named.items() if trainer_id not in known}
    if unknown:
        refuse_or_warn(gate, refusal(TrainerRegistered, unknown, UNKNOWN_TRAINER), type_of(TrainerRegistered))


def _erased(trainer_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these trainers who are erased."""
    rows = connection.database()[ERASED].find({"_id": {"$in": list(trainer_ids)}}) if trainer_ids else ()
    return {row["_id"] for row in rows}


def _usual(trainer_ids: Collection[UUID], provider_id: UUID) -> set[UUID]:
    """Return those who are the provider's own or belong to no institution."""
    rows = connection.database()[TRAINERS].find({"_id": {"$in": list(trainer_ids)}})
    return {row["_id"] for row in rows if row["institution_id"] in (None, provider_id)}


def _pairs(trainer_ids: Collection[UUID], module: str, days: tuple[date, date]) -> list[tuple[UUID, UUID]]:
    """Return the candidates and experts whom certification has stand together, where one of them is among these."""
    rows, (first, last) = connection.database()[AUTHORISATIONS], (day.isoformat() for day in days)
    found = [row for side in SIDES for row in rows.find({side: {"$in": list(trainer_ids)}})]
    return [
        (row["trainer_id"], row["expert_id"])
        for row in found
        if row["module"] == module and row["valid_from"] <= last and row["valid_to"] >= first
    ]
