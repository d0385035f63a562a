"""Finds the trainers who may be named, and requires that one may be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.consulting.settings import consulting_settings, today
from services.consulting.trainers.errors import not_certified
from services.consulting.trainers.model import CertifiedTrainer
from shared.contracts.event import type_of
from shared.contracts.events.certification import TrainerCertified, qualification_id
from shared.domain.refusals import refuse_or_warn
from shared.domain.trainers import is_authorised, require_nameable
from shared.kernel.context import unscoped
from shared.messaging import parties


def is_entitled(trainer_id: UUID, module: str, day: date) -> bool:
    """Say whether a trainer is certified for a module on a day, or authorised under an expert."""
    with unscoped("planning is judged by what certification said of anybody; no row is shown"):
        held = CertifiedTrainer.find(qualification_id(trainer_id, module))
    return (held is not None and held.covers(day)) or is_authorised(trainer_id, module, day)


def require_entitlement(trainer_id: UUID, *, module: str, day: date) -> None:
    """Refuse the plan of a visit by somebody who may not teach its module on that day."""
    gate = consulting_settings().entitlement_gate
    if gate == "off" or is_entitled(trainer_id, module, day):
        return
    refuse_or_warn(gate, not_certified(module), type_of(TrainerCertified))


def require_trainer_of(provider_id: UUID, trainer_id: UUID) -> None:
    """Refuse who is neither one of the provider's trainers nor of no institution, for what needs no certificate."""
    require_nameable({"/trainer_id": trainer_id}, provider_id=provider_id, module="", days=(today(), today()))


def trainers_of(provider_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Return the trainers of some providers and those of none, by name."""
    trainers = [
        (party_id, party["name"])
        for provider_id in {*provider_ids, None}
        for party_id, party in parties.belonging_to(provider_id, "trainer").items()
    ]
    return sorted(trainers, key=lambda pair: pair[1].casefold())
