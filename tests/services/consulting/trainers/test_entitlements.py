"""Only who may teach a module on the day visits for it; certification's word decides, and whoever lacks it is told what."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from services.consulting.trainers.handlers import entitlements
from services.consulting.trainers.model import CertifiedTrainer
from services.consulting.visits import commands
from services.consulting.visits.model import Visit
from shared.contracts.event import type_of
from shared.contracts.events import certification
from shared.domain.errors import GateClosed
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, days_ago
from tests.support.histories import changed
from tests.support.records import Group, records_of
from tests.support.trainers import authorised, known_trainer

FIRST, LAST, ENDED = date(2026, 1, 1), date(2026, 12, 31), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("day", "ended_on", "covered"),
    [
        (FIRST, None, True),
        (LAST, None, True),
        (date(2025, 12, 31), None, False),
        (date(2027, 1, 1), None, False),
        (date(2026, 5, 31), ENDED, True),
        (ENDED, ENDED, False),
    ],
)
def test_a_certificate_covers_its_days(day: date, ended_on: date | None, covered: bool) -> None:
    assert CertifiedTrainer(valid_from=FIRST, valid_to=LAST, ended_on=ended_on).covers(day) is covered


def plan(enterprise: UUID, trainer: UUID) -> Visit:
    return commands.schedule_visit(enterprise_id=enterprise, module="M1", planned_on=days_ago(3)[0], trainer_id=trainer)


def certify(trainer: UUID, kind: type[certification.AboutCertificate], **more: object) -> None:
    said = {
        "trainer_id": trainer,
        "qualification_id": certification.qualification_id(trainer, "M1"),
        "module": "M1",
        "valid_from": days_ago(400)[0],
        "valid_to": days_ago(-400)[0],
        **more,
    }
    Group(entitlements).take(records_of([changed(kind, **said)]))


def test_a_trainer_without_a_certificate_is_not_assigned_and_the_missing_event_is_named(staff: Principal) -> None:
    enterprise, trainer = factories.known_enterprise(ALPHA), known_trainer(of=ALPHA)
    with pytest.raises(GateClosed) as refused:
        plan(enterprise, trainer)
    assert refused.value.members == {"missing": [type_of(certification.TrainerCertified)]}
    certify(trainer, certification.TrainerCertified)
    planned = plan(enterprise, trainer)
    other = known_trainer(of=ALPHA)
    with pytest.raises(GateClosed):
        commands.reschedule_visit(planned.id, planned_on=days_ago(2)[0], reason="other", trainer_id=other)
    assert Visit.get(planned.id).trainer_id == trainer


def test_a_suspended_trainer_is_not_assigned(staff: Principal) -> None:
    trainer = known_trainer(of=ALPHA)
    certify(trainer, certification.CertificateSuspended, effective_on=days_ago(10)[0])
    with pytest.raises(GateClosed):
        plan(factories.known_enterprise(ALPHA), trainer)


def test_a_trainer_whose_suspension_was_lifted_is_assigned(staff: Principal) -> None:
    trainer = known_trainer(of=ALPHA)
    certify(trainer, certification.SuspensionLifted, lifted_on=days_ago(3)[0])
    assert plan(factories.known_enterprise(ALPHA), trainer).trainer_id == trainer


def test_a_candidate_who_is_authorised_visits(staff: Principal) -> None:
    candidate, expert = known_trainer(of=ALPHA), known_trainer(of=ALPHA)
    authorised(candidate, expert, days_ago(5, 1))
    assert plan(factories.known_enterprise(ALPHA), candidate).trainer_id == candidate
