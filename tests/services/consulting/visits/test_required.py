"""Visits open by themselves when a classroom is delivered, and close when that is reversed; what people planned stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.consulting.settings import consulting_settings
from services.consulting.visits import commands
from services.consulting.visits.handlers import required
from services.consulting.visits.model import Visit
from shared.contracts.events.consulting import VisitCancelled, VisitScheduled
from shared.contracts.events.enrollment import DeliveryReversed, TrainingDelivered
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.deliveries import delivery
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.fixture_types import Client
from tests.support.records import Group, events_said, records_of
from tests.support.request_order import made_from_schema
from tests.support.tokens import Tokens

LEAD = ids.derived("tests", "trainer")
TRAINING = ids.derived("tests", "training")


@pytest.fixture
def enterprise(staff: Principal) -> UUID:
    return factories.known_enterprise(ALPHA)


def deliver(*enterprises: UUID, training: UUID = TRAINING, days: int = 9) -> None:
    Group(required).take(records_of([delivery(TrainingDelivered, training, *enterprises, days=days)]))


def numbers(enterprise: UUID, state: str = "to_plan") -> list[int]:
    return sorted(visit.number for visit in Visit.objects(enterprise_id=enterprise, state=state))


def plan(enterprise: UUID, **more: Any) -> Visit:
    return commands.schedule_visit(
        enterprise_id=enterprise, module="M1", planned_on=days_ago(-4)[0], trainer_id=factories.visiting(), **more
    )


def test_a_delivered_classroom_opens_the_visits_it_requires(enterprise: UUID) -> None:
    absent = factories.known_enterprise(ALPHA)
    deliver(enterprise)
    opened = sorted(Visit.objects(enterprise_id=enterprise), key=lambda visit: visit.number)
    interval = consulting_settings().visit_interval_days
    assert [(visit.number, visit.state, visit.trainer_id, visit.due_on) for visit in opened] == [
        (number, "to_plan", LEAD, days_ago(9)[0] + timedelta(days=number * interval)) for number in (1, 2, 3)
    ]
    assert numbers(absent) == []
    assert events_said(VisitScheduled) == [], "nobody comes before somebody planned it"


def test_the_trainer_and_the_provider_see_what_is_to_be_planned(enterprise: UUID) -> None:
    deliver(enterprise)
    of_trainer = Principal("t", "trainer", "tests", trainer=LEAD)
    for somebody, seen in ((of_trainer, 3), (factories.provider(ALPHA), 3), (factories.provider(BETA), 0)):
        with acting_as(somebody):
            assert len(Visit.objects(state="to_plan")) == seen


def test_planning_takes_the_visit_that_is_open(enterprise: UUID, client: Client, tokens: Tokens) -> None:
    deliver(enterprise)
    opened = Visit.objects(enterprise_id=enterprise, number=2).first()
    trainer = factories.visiting(of=ALPHA)
    body = made_from_schema("schedule_visit", enterprise_id=str(enterprise), trainer_id=str(trainer), number=2)
    planned = client("consulting").post("/v1/visits", json=body, headers=tokens.headers("provider", institution=ALPHA))
    assert (planned.status_code, planned.json["id"], planned.json["state"]) == (201, str(opened.id), "scheduled")
    assert numbers(enterprise) == [1, 3]


def test_a_visit_that_was_planned_before_is_the_same(enterprise: UUID) -> None:
    planned = plan(enterprise)
    deliver(enterprise)
    assert (numbers(enterprise), numbers(enterprise, "scheduled")) == ([2, 3], [planned.number])


def test_a_reversed_delivery_closes_what_nobody_planned(enterprise: UUID) -> None:
    group = Group(required)
    records = records_of([delivery(kind, TRAINING, enterprise) for kind in (TrainingDelivered, DeliveryReversed)])
    group.take(records[:1])
    planned = plan(enterprise, number=2)
    group.take(records[1:])
    assert [visit.id for visit in Visit.objects(enterprise_id=enterprise)] == [planned.id]
    assert (Visit.get(planned.id).state, events_said(VisitCancelled)) == ("scheduled", [])


def test_the_earlier_classroom_requires_its_visits_again(enterprise: UUID) -> None:
    second = ids.derived("tests", "second training")
    told = [
        delivery(TrainingDelivered, TRAINING, enterprise, days=20),
        delivery(TrainingDelivered, second, enterprise, days=5),
        delivery(DeliveryReversed, second, enterprise, days=5),
    ]
    Group(required).take(records_of(told))
    interval = timedelta(days=consulting_settings().visit_interval_days)
    assert sorted(visit.due_on for visit in Visit.objects) == [days_ago(20)[0] + n * interval for n in (1, 2, 3)]


@pytest.mark.parametrize("ending", ["cancelled", "voided"])
def test_what_is_called_off_or_void_is_required_again(enterprise: UUID, ending: str) -> None:
    deliver(enterprise)
    if ending == "cancelled":
        ended = commands.cancel_visit(plan(enterprise).id, reason="other")
    else:
        accepted = factories.visit(ALPHA, enterprise_id=enterprise, to="accepted")
        ended = commands.void_visit(accepted.id, reason="other")
    again = Visit.objects(enterprise_id=enterprise, number=1, state="to_plan").first()
    assert numbers(enterprise) == [1, 2, 3]
    assert (again.id != ended.id, again.round, Visit.get(ended.id).state) == (True, 1, ending)


def test_an_enterprise_that_left_owes_no_visits(enterprise: UUID) -> None:
    deliver(enterprise)
    commands.withdraw_enterprise(enterprise)
    assert numbers(enterprise) == []


def test_the_next_provider_plans_what_is_open_and_the_last_ones_trainer_sees_it_no_longer(enterprise: UUID) -> None:
    deliver(enterprise)
    commands.move_enterprise(enterprise, provider_id=BETA)
    with acting_as(Principal("t", "trainer", "tests", trainer=LEAD)):
        assert list(Visit.objects) == []
    with acting_as(factories.provider(BETA)):
        assert numbers(enterprise) == [1, 2, 3]


def test_a_classroom_heard_of_before_the_sign_up_opens_them_afterwards(staff: Principal) -> None:
    enterprise = ids.new()
    deliver(enterprise)
    assert list(Visit.objects) == []
    commands.keep_enterprise(enterprise, provider_id=ALPHA, province="ID-JT")
    assert numbers(enterprise) == [1, 2, 3]
