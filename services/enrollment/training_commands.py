"""What enrollment can be asked about classrooms, their rosters and delivery, and the journeys that rest on them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.enrollment.baseline import Baseline
from services.enrollment.enterprise import Enterprise, Persons
from services.enrollment.enterprise_commands import acting_provider
from services.enrollment.entitlement import Entitlement
from services.enrollment.journey import Classroom, Journey
from services.enrollment.module_version import ModuleVersion
from services.enrollment.refusals import refused
from services.enrollment.settings import enrollment_settings
from services.enrollment.training import Seats, Training
from shared.contracts.certification import TrainerCertified
from shared.contracts.consulting import BaselineAssessed
from shared.contracts.event import Fact, fact_type
from shared.errors import GateClosed
from shared.observability import logs
from shared.runtime.context import seeing_everything
from shared.storage.transaction import transactional

log = logs.get(__name__)
FIRST_MODULE = "M1"


@transactional
def schedule_training(
    *, module: str, days: list[date], lead_trainer_id: UUID, provider_id: UUID | None = None, **described: Any
) -> Training:
    """A classroom is fixed. The lead trainer must hold a valid certificate for the module on every day."""
    provider = acting_provider(provider_id)
    version = ModuleVersion.current(module)
    if len(set(days)) != len(days):
        raise refused("/days", "day-twice")
    _require_entitlement(lead_trainer_id, module, days)
    described["capacity"] = described.get("capacity") or enrollment_settings().classroom_capacity
    training = Training(
        **described,
        module=module,
        module_version=version.number,
        required_visits=version.required_visits,
        days=sorted(days),
        lead_trainer_id=lead_trainer_id,
        provider_id=provider.id,
    )
    training.schedule()
    return training.save()


@transactional
def seat_enterprise(training_id: UUID, *, enterprise_id: UUID, seats: dict[str, dict[str, int]]) -> Training:
    """An enterprise of the same provider gets its seats in a classroom."""
    training = Training.get(training_id)
    enterprise = Enterprise.find(enterprise_id)
    if enterprise is None or enterprise.provider_id != training.provider_id:
        raise refused("/enterprise_id", "unknown-enterprise")
    training.seat(enterprise_id, seats_of(seats))
    if enterprise.assign(training.trainer_ids):
        enterprise.save()
    return training.save()


@transactional
def deliver_training(training_id: UUID, *, attendance: list[dict[str, Any]]) -> Training:
    """The classroom took place. Each entry says who of an enterprise was there on every day."""
    training = Training.get(training_id)
    _require_baselines(training)
    training.deliver(_present_by_enterprise(attendance))
    training.save()
    classroom = {
        "training_id": training.id,
        "delivered_on": training.last_day,
        "lead_trainer_id": training.lead_trainer_id,
        "required_visits": training.required_visits,
        "delivery_mode": training.delivery_mode,
    }
    with seeing_everything():  # a journey may already hold visits of trainers whom the caller cannot see
        for roster in training.present():
            journey = Journey.of(roster.enterprise_id, training.module, training.provider_id)
            journey.attend(Classroom(**classroom))
            journey.save()
    return training


@transactional
def reverse_delivery(training_id: UUID, *, reason: str) -> Training:
    """A delivery turned out to be wrong: it and what it completed no longer count."""
    training = Training.get(training_id)
    training.reverse(reason)
    training.save()
    with seeing_everything():
        for journey in Journey.objects(classroom__training_id=training_id):
            journey.lose_classroom(training_id, reason)
            journey.save()
    return training


@transactional
def count_visit(*, enterprise_id: UUID, module: str, provider_id: UUID, visit_id: UUID, visited_on: date) -> None:
    """An accepted visit counts towards its module."""
    journey = Journey.of(enterprise_id, module, provider_id)
    journey.count(visit_id, visited_on)
    journey.save()


@transactional
def discount_visit(*, enterprise_id: UUID, module: str, provider_id: UUID, visit_id: UUID, reason: str) -> None:
    """A voided visit no longer counts."""
    journey = Journey.of(enterprise_id, module, provider_id)
    journey.discount(visit_id, reason)
    journey.save()


@transactional
def keep_entitlement(
    *, qualification_id: UUID, trainer_id: UUID, module: str, valid_from: date, valid_to: date, ended_on: date | None
) -> None:
    """What certification last said of a trainer and a module."""
    entitlement = Entitlement.find(qualification_id) or Entitlement(id=qualification_id)
    entitlement.trainer_id, entitlement.module = trainer_id, module
    entitlement.valid_from, entitlement.valid_to, entitlement.ended_on = valid_from, valid_to, ended_on
    entitlement.save()


@transactional
def keep_baseline(enterprise_id: UUID, assessed_on: date) -> None:
    """Consulting assessed an enterprise."""
    baseline = Baseline.find(enterprise_id) or Baseline(id=enterprise_id, assessed_on=assessed_on)
    baseline.assessed_on = min(baseline.assessed_on, assessed_on)  # assessments have no order among them
    baseline.save()


def seats_of(given: dict[str, dict[str, int]]) -> Seats:
    return Seats(managers=Persons(**given["managers"]), workers=Persons(**given["workers"]))


def _present_by_enterprise(attendance: list[dict[str, Any]]) -> dict[UUID, Seats]:
    present: dict[UUID, Seats] = {}
    for number, entry in enumerate(attendance):
        if entry["enterprise_id"] in present:
            raise refused(f"/attendance/{number}", "enterprise-twice")
        present[entry["enterprise_id"]] = seats_of(entry["attended"])
    return present


def _require_entitlement(trainer_id: UUID, module: str, days: list[date]) -> None:
    if enrollment_settings().entitlement_gate == "off":
        return
    with seeing_everything():
        entitlement = Entitlement.of(trainer_id, module)
    if entitlement is None or not entitlement.covers(days):
        _close_gate(
            enrollment_settings().entitlement_gate,
            TrainerCertified,
            {
                "id": f"Pelatih utama belum memiliki sertifikat {module} yang berlaku pada semua hari pelatihan.",
                "en": f"The lead trainer holds no certificate for {module} that is valid on every day of the training.",
            },
        )


def _require_baselines(training: Training) -> None:
    """Before the first module an enterprise is assessed (domain.md 1.2); the gate is a setting."""
    if enrollment_settings().baseline_gate == "off" or training.module != FIRST_MODULE:
        return
    with seeing_everything():
        assessed = {baseline.id for baseline in Baseline.objects(id__in=[r.enterprise_id for r in training.rosters])}
    if any(roster.enterprise_id not in assessed for roster in training.rosters):
        _close_gate(
            enrollment_settings().baseline_gate,
            BaselineAssessed,
            {
                "id": "Belum semua usaha di pelatihan ini menjalani penilaian awal.",
                "en": "Not every enterprise of this training has had its baseline assessment.",
            },
        )


def _close_gate(gate: str, missing: type[Fact], words: dict[str, str]) -> None:
    """Refuse, or only note it where the gate is set to warn."""
    if gate == "warn":
        log.warning("gate passed with a warning", missing=fact_type(missing))
        return
    raise GateClosed(fact_type(missing), words)
