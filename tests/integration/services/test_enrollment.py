"""Sign-up, gates, seats, delivery and the journey that follows, by the API and by commands on the real store."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.journeys import baseline
from services.enrollment.journeys.model import Journey
from services.enrollment.settings import enrollment_settings
from services.enrollment.trainers import commands as trainers_commands
from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings.model import Training
from shared.contracts.enrollment import EnterpriseRegistered, RosterSeated, RosterWaitlisted, TrainingDelivered
from shared.errors import Conflict, GateClosed, Invalid, NotAllowedNow
from shared.runtime import ids
from shared.runtime.context import SYSTEM, Principal, acting_as
from shared.storage import connection
from tests.integration.services import worlds
from tests.integration.services.conftest import Enter
from tests.integration.services.declared import app_of
from tests.integration.services.orders import made_from_schema
from tests.integration.services.records import facts_said
from tests.integration.services.tokens import Tokens
from tests.integration.services.worlds import ALPHA, SEATS, STAFF, attendance, days_ago

Client = Callable[[str], FlaskClient]
PARALLEL = 64


@pytest.fixture
def staff(enter: Enter) -> Any:
    enter("enrollment")
    with acting_as(STAFF):
        worlds.institution(ALPHA)
        yield STAFF


def test_an_enterprise_signs_up_and_its_people_stay_out_of_the_facts(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    body = made_from_schema("register_enterprise")
    del body["provider_id"]
    answer = client("enrollment").post(
        "/v1/enterprises", json=body, headers=tokens.headers("provider", institution=ALPHA)
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/enterprises/{answer.json['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert answer.json["provider_id"] == str(ALPHA)
    (fact,) = facts_said(EnterpriseRegistered)
    assert (str(fact.enterprise_id), fact.provider_id) == (answer.json["id"], ALPHA)
    rows = str(list(connection.database()["outbox"].find({})))
    assert not [word for word in (*body["contact"].values(), body["name"]) if len(word) > 2 and word in rows]
    assert connection.database()["contact_outbox"].find_one({"_id": fact.enterprise_id})["version"] == 1


def test_a_training_waits_for_its_trainers_certificate(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, lead = client("enrollment"), ids.new()
    body = made_from_schema("schedule_training", lead_trainer_id=str(lead))
    del body["provider_id"], body["supervisor_id"]
    headers = {**tokens.headers("provider", institution=ALPHA), "Idempotency-Key": "once"}
    refused = caller.post("/v1/trainings", json=body, headers=headers)
    assert refused.status_code == 409, refused.text
    assert refused.json["type"] == "/problems/gate-closed"
    assert refused.json["missing"] == "id.score.certification.trainer_certified.v1"
    assert refused.headers["Retry-After"] == "2"
    worlds.entitled(lead)
    assert caller.post("/v1/trainings", json=body, headers=headers).status_code == 201


def test_a_certificate_must_hold_on_every_day(staff: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    lead, days = ids.new(), days_ago(5, 4)

    def schedule() -> Training:
        return worlds.training(ALPHA, days=days, trainer=lead)

    said = {"qualification_id": ids.derived("qualification", lead, "M1"), "trainer_id": lead, "module": "M1"}
    for valid_from, valid_to, ended_on in (
        (days[1], days[1], None),
        (days[0], days[0], None),
        (days[0], days[1], days[1]),
    ):
        with acting_as(SYSTEM):
            trainers_commands.keep_entitlement(**said, valid_from=valid_from, valid_to=valid_to, ended_on=ended_on)
        with pytest.raises(GateClosed):
            schedule()
    with acting_as(SYSTEM):
        trainers_commands.keep_entitlement(**said, valid_from=days[0], valid_to=days[1], ended_on=None)
    assert schedule().state == "scheduled"
    for gate in ("warn", "off"):
        monkeypatch.setenv("SCORE_GATE_ENTITLEMENT", gate)
        enrollment_settings.cache_clear()
        assert worlds.training(ALPHA, days=days, trainer=ids.new()).state == "scheduled"
    monkeypatch.undo()
    enrollment_settings.cache_clear()


def test_the_baseline_gate_names_the_missing_assessment(staff: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    enterprise = worlds.enterprise(ALPHA)
    training = worlds.training(ALPHA, enterprise.id)
    monkeypatch.setenv("SCORE_GATE_BASELINE", "on")
    enrollment_settings.cache_clear()
    try:
        with pytest.raises(GateClosed) as closed:
            trainings_commands.deliver_training(training.id, attendance=attendance(enterprise.id))
        assert closed.value.missing == "id.score.consulting.baseline_assessed.v1"
        with acting_as(SYSTEM):
            baseline.keep_baseline(enterprise.id, days_ago(30)[0])
        assert (
            trainings_commands.deliver_training(training.id, attendance=attendance(enterprise.id)).state == "delivered"
        )
    finally:
        monkeypatch.undo()
        enrollment_settings.cache_clear()


@pytest.mark.parametrize("role", ["managers", "workers"])
def test_a_roster_has_managers_and_workers(staff: Principal, role: str) -> None:
    training, enterprise = worlds.training(ALPHA), worlds.walked(ALPHA, "enrolled")
    with pytest.raises(Invalid) as refused:
        trainings_commands.seat_enterprise(
            training.id, enterprise_id=enterprise.id, seats={**SEATS, role: {"women": 0, "men": 0}}
        )
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [(f"/seats/{role}", "role-missing")]
    assert facts_said(RosterSeated) == []


def test_seats_are_given_once_and_as_long_as_there_are_some(staff: Principal) -> None:
    first, second, third = (worlds.walked(ALPHA, "enrolled").id for _ in range(3))
    training = worlds.training(ALPHA, first, capacity=8)
    with pytest.raises(Conflict):
        trainings_commands.seat_enterprise(training.id, enterprise_id=first, seats=SEATS)
    assert trainings_commands.seat_enterprise(training.id, enterprise_id=second, seats=SEATS).seats_taken == 8
    waiting = trainings_commands.seat_enterprise(training.id, enterprise_id=third, seats=SEATS)
    assert (waiting.placement_of(third).state, waiting.placement_of(third).position) == ("waiting", 1)
    trainings_commands.deliver_training(training.id, attendance=attendance(first, second))
    with pytest.raises(NotAllowedNow):
        trainings_commands.seat_enterprise(training.id, enterprise_id=worlds.walked(ALPHA, "enrolled").id, seats=SEATS)


def test_parallel_claims_are_all_kept_and_no_seat_is_sold_twice(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    client("enrollment")
    enterprises = [worlds.walked(ALPHA, "enrolled").id for _ in range(PARALLEL)]
    training = worlds.training(ALPHA, capacity=10)
    headers = tokens.headers("provider", institution=ALPHA)

    def ask(enterprise_id: UUID) -> Any:
        body = {"enterprise_id": str(enterprise_id), "seats": SEATS}
        url = f"/v1/trainings/{training.id}/rosters"
        return app_of("enrollment").test_client().post(url, json=body, headers=headers)

    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(ask, enterprises))
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    places = sorted((answer.json["state"], answer.json["position"]) for answer in answers)
    waiting = PARALLEL - 2
    assert places == [("seated", 0)] * 2 + [("waiting", number) for number in range(1, waiting + 1)]
    kept = Training.get(training.id)
    assert (kept.seats_taken, len(kept.rosters), len(kept.waiting)) == (8, 2, waiting)
    assert {roster.enterprise_id for roster in (*kept.rosters, *kept.waiting)} == set(enterprises)
    assert len(facts_said(RosterSeated)) == 2
    told = [fact.position for fact in facts_said(RosterWaitlisted)]
    assert sorted(told) == list(range(1, waiting + 1))
    in_line = {answer.json["enterprise_id"]: answer.json["position"] for answer in answers}
    assert [in_line[str(roster.enterprise_id)] for roster in kept.waiting] == list(range(1, waiting + 1))


def test_a_delivery_is_told_with_who_was_there(staff: Principal) -> None:
    came, without_workers = worlds.enterprise(ALPHA).id, worlds.enterprise(ALPHA).id
    training = worlds.training(ALPHA, came, without_workers)
    absent = {"enterprise_id": without_workers, "attended": {**SEATS, "workers": {"women": 0, "men": 0}}}
    trainings_commands.deliver_training(training.id, attendance=[*attendance(came), absent])
    (fact,) = facts_said(TrainingDelivered)
    assert [entry.enterprise_id for entry in fact.enterprises] == [came]
    assert (fact.delivered_on, fact.required_visits, fact.provider_id) == (
        training.last_day,
        training.required_visits,
        ALPHA,
    )
    assert Journey.find(ids.derived("journey", came, "M1")).missing == {"visits": training.required_visits}
    assert Journey.find(ids.derived("journey", without_workers, "M1")).missing == {"attendance": 1}
    with pytest.raises(NotAllowedNow):
        trainings_commands.deliver_training(training.id, attendance=attendance(came, without_workers))
    trainings_commands.reverse_delivery(training.id, reason="wrong_attendance")
    for enterprise_id in (came, without_workers):
        assert Journey.find(ids.derived("journey", enterprise_id, "M1")).missing == {"classroom": 1}


def test_a_delivery_is_refused_where_its_list_is_wrong(staff: Principal) -> None:
    first, second = worlds.enterprise(ALPHA).id, worlds.enterprise(ALPHA).id
    training = worlds.training(ALPHA, first, second)
    crowd = {**SEATS, "workers": {"women": 9, "men": 9}}
    cases = [
        (attendance(first), "/attendance", "enterprise-missing"),
        (attendance(first, second, ids.new()), "/attendance", "enterprise-not-seated"),
        ([*attendance(second), {"enterprise_id": first, "attended": crowd}], "/attendance/1", "more-than-seated"),
        ([*attendance(first, second), *attendance(first)], "/attendance/2", "enterprise-twice"),
    ]
    for listed, pointer, code in cases:
        with pytest.raises(Invalid) as refused:
            trainings_commands.deliver_training(training.id, attendance=listed)
        assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [(pointer, code)]
    tomorrow = worlds.training(ALPHA, first, days=days_ago(0, -1))
    with pytest.raises(NotAllowedNow):
        trainings_commands.deliver_training(tomorrow.id, attendance=attendance(first))
    assert facts_said(TrainingDelivered) == []


def test_who_was_suspended_can_start_nothing_new(client: Client, tokens: Tokens, staff: Principal) -> None:
    institutions_commands.suspend_institution(ALPHA, "inactive")
    body = made_from_schema("register_enterprise", provider_id=str(ALPHA))
    answer = client("enrollment").post("/v1/enterprises", json=body, headers=tokens.headers("programme"))
    assert answer.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in answer.json["errors"]] == [
        ("/provider_id", "institution-suspended")
    ]
