"""Whom a plan may name, and how long who was named sees the enterprises and their people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.journeys.model import Journey
from services.enrollment.participation import commands as participation_commands
from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings.model import Training
from services.enrollment.transfers import commands as transfers_commands
from shared.domain.errors import GateClosed
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage import connection, migrations
from tests.support import factories
from tests.support.declared_operations import SERVICES
from tests.support.factories import ALPHA, BETA, SEATS, days_ago
from tests.support.fixture_types import Client
from tests.support.request_order import made_from_schema
from tests.support.tokens import Tokens
from tests.support.trainers import known_trainer

DAYS = days_ago(10, 9)
REGISTERED = "id.score.certification.trainer_registered.v1"


@pytest.mark.parametrize(
    ("field", "pointer"),
    [
        ("lead_trainer_id", "/lead_trainer_id"),
        ("co_trainer_ids", "/co_trainer_ids/1"),
        ("supervisor_id", "/supervisor_id"),
    ],
)
def test_a_plan_names_nobody_elses_trainers_and_no_other_party(
    client: Client, tokens: Tokens, staff: Principal, field: str, pointer: str
) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    own = factories.entitled(ids.new(), of=ALPHA)
    enterprise = factories.enterprise(ALPHA)
    others = [
        factories.entitled(ids.new(), of=BETA),
        known_trainer(of=BETA),
        enterprise.id,
        factories.person(enterprise.id).id,
        ids.new(),
    ]
    body = made_from_schema("schedule_training", lead_trainer_id=str(own), co_trainer_ids=[])
    del body["provider_id"]
    if field != "supervisor_id":
        del body["supervisor_id"]
    planned = f"/v1/trainings/{factories.training(ALPHA, trainer=own).id}/rescheduling"
    told = []
    for other in others:
        named: Any = [str(own), str(other)] if field == "co_trainer_ids" else str(other)
        kind = {"kind": "supervised"} if field == "supervisor_id" else {}
        asked = [("/v1/trainings", {**body, **kind, field: named})]
        if field != "supervisor_id":
            asked.append((planned, {"reason": "other", field: named}))
        for url, sent in asked:
            answer = caller.post(url, json=sent, headers=headers)
            assert (answer.status_code, answer.json["missing"]) == (409, [REGISTERED]), answer.text
            assert [fault["pointer"] for fault in answer.json["errors"]] == [pointer]
            told.append({name: said for name, said in answer.json.items() if name not in ("instance", "request_id")})
    assert all(one == told[0] for one in told)
    assert Training.objects(provider_id=ALPHA).count() == 1


@pytest.mark.parametrize("of", [ALPHA, None])
def test_a_plan_names_own_trainers_and_freelances(staff: Principal, of: UUID | None) -> None:
    lead, second = factories.entitled(ids.new(), of=of), known_trainer(of=of)
    planned = factories.training(ALPHA, trainer=lead)
    moved = trainings_commands.reschedule_training(planned.id, reason="other", co_trainer_ids=[second])
    assert moved.trainer_ids == [lead, second]


@pytest.mark.parametrize(
    ("candidate_of", "expert_of", "days", "refused"),
    [
        (ALPHA, BETA, DAYS, []),
        (BETA, ALPHA, DAYS, []),
        (None, BETA, DAYS, []),
        (BETA, BETA, DAYS, ["/lead_trainer_id", "/supervisor_id"]),
        (ALPHA, BETA, days_ago(90, 30), ["/supervisor_id"]),
        (ALPHA, BETA, None, ["/supervisor_id"]),
    ],
)
def test_an_authorisation_lets_a_stranger_stand_with_whom_the_provider_may_name(
    staff: Principal, candidate_of: UUID, expert_of: UUID, days: Any, refused: list[str]
) -> None:
    candidate, expert = known_trainer(of=candidate_of), factories.entitled(ids.new(), of=expert_of)
    if days:
        factories.candidate(candidate, expert, days)

    def plan() -> Training:
        return factories.training(ALPHA, days=DAYS, trainer=candidate, kind="supervised", supervisor_id=expert)

    if not refused:
        assert plan().trainer_ids == [candidate, expert]
        return
    with pytest.raises(GateClosed) as closed:
        plan()
    assert sorted(fault.pointer or "" for fault in closed.value.errors) == refused


def _cancelled(training: Training, _enterprise: Enterprise) -> None:
    trainings_commands.cancel_training(training.id, reason="other")


def _withdrawn(training: Training, enterprise: Enterprise) -> None:
    trainings_commands.withdraw_roster(training.id, enterprise.id, reason="other")


def _replaced(training: Training, _enterprise: Enterprise) -> None:
    changes: Any = {"lead_trainer_id": factories.entitled(ids.new()), "co_trainer_ids": []}
    trainings_commands.reschedule_training(training.id, reason="other", **changes)


def _left(training: Training, enterprise: Enterprise) -> None:
    trainings_commands.deliver_training(training.id, attendance=factories.attendance(enterprise.id))
    participation_commands.withdraw_enterprise(enterprise.id, reason="cost")


def _moved(training: Training, enterprise: Enterprise) -> None:
    trainings_commands.deliver_training(training.id, attendance=factories.attendance(enterprise.id))
    transfers_commands.change_provider(enterprise.id, provider_id=BETA)
    trainings_commands.reverse_delivery(training.id, reason="not_held")
    trainings_commands.reschedule_training(training.id, reason="other", lead_trainer_id=factories.entitled(ids.new()))


@pytest.mark.parametrize("end", [_cancelled, _withdrawn, _replaced, _left, _moved])
def test_a_trainer_sees_people_as_long_as_the_classroom_stands(
    client: Client, tokens: Tokens, staff: Principal, end: Callable[[Training, Enterprise], None]
) -> None:
    caller, (lead, second) = client("enrollment"), (factories.entitled(ids.new()) for _ in range(2))
    enterprise = factories.walked(ALPHA, "enrolled")
    person = factories.person(enterprise.id)
    training = factories.training(ALPHA, trainer=lead)
    trainings_commands.reschedule_training(training.id, reason="other", co_trainer_ids=[second])
    trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, seats=SEATS)

    def reads(trainer: UUID) -> tuple[int, int, int]:
        headers = tokens.headers("trainer", trainer=trainer)
        shown = caller.get(f"/v1/participants/{person.id}", headers=headers).status_code
        listed = caller.get("/v1/participants", headers=headers).json["items"]
        return shown, len(listed), caller.get(f"/v1/enterprises/{enterprise.id}", headers=headers).status_code

    assert {reads(lead), reads(second)} == {(200, 1, 200)}
    end(training, enterprise)
    assert {reads(lead), reads(second)} == {(404, 0, 404)}


def test_a_trainer_of_two_classrooms_keeps_the_one_that_stands(staff: Principal) -> None:
    lead, other, enterprise = factories.entitled(ids.new()), factories.entitled(ids.new()), factories.enterprise(ALPHA)
    standing = factories.training(ALPHA, enterprise.id, trainer=lead)
    for ended in (factories.training(ALPHA, enterprise.id, trainer=trainer) for trainer in (lead, other)):
        trainings_commands.cancel_training(ended.id, reason="other")
    assert Enterprise.get(enterprise.id).trainer_ids == [lead]
    trainings_commands.deliver_training(standing.id, attendance=factories.attendance(enterprise.id))
    journey_id = Training.get(standing.id).rosters[0].journey_id
    assert Journey.get(journey_id).trainer_ids == [lead]
    trainings_commands.reverse_delivery(standing.id, reason="not_held")
    assert (Journey.get(journey_id).trainer_ids, Enterprise.get(enterprise.id).trainer_ids) == ([], [lead])


def test_assignments_of_earlier_releases_are_renewed(staff: Principal) -> None:
    lead, stranger, enterprise = factories.entitled(ids.new()), ids.new(), factories.enterprise(ALPHA)
    training = factories.delivered(ALPHA, enterprise.id, trainer=lead)
    database = connection.database()
    for rows in ("enterprises", "journeys"):
        database[rows].update_many({}, {"$set": {"trainer_ids": [stranger, lead]}})
    database["migrations"].delete_one({"_id": "0006_assignments_that_rest_on_a_place"})
    migrations.migrate(SERVICES["enrollment"], {})
    assert Enterprise.get(enterprise.id).trainer_ids == [lead]
    assert Journey.get(training.rosters[0].journey_id).trainer_ids == [lead]
