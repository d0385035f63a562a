"""Seats on the real store: given once, kept in line, moved up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings.model import Training
from shared.contracts.events.enrollment import RosterSeated, RosterWaitlisted, RosterWithdrawn
from shared.domain.errors import Conflict, Invalid, NotAllowedNow
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.declared_operations import app_of
from tests.support.enrolling import completed
from tests.support.factories import ALPHA, SEATS, attendance
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.tokens import Tokens

PARALLEL = 64


@pytest.mark.parametrize("role", ["managers", "workers"])
def test_a_roster_has_managers_and_workers(staff: Principal, role: str) -> None:
    training, enterprise = factories.training(ALPHA), factories.walked(ALPHA, "enrolled")
    with pytest.raises(Invalid) as refused:
        trainings_commands.seat_enterprise(
            training.id, enterprise_id=enterprise.id, seats={**SEATS, role: {"women": 0, "men": 0}}
        )
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [(f"/seats/{role}", "role-missing")]
    assert events_said(RosterSeated) == []


def test_seats_are_given_once_and_as_long_as_there_are_some(staff: Principal) -> None:
    first, second, third = (factories.walked(ALPHA, "enrolled").id for _ in range(3))
    training = factories.training(ALPHA, first, capacity=8)
    with pytest.raises(Conflict):
        trainings_commands.seat_enterprise(training.id, enterprise_id=first, seats=SEATS)
    assert trainings_commands.seat_enterprise(training.id, enterprise_id=second, seats=SEATS).seats_taken == 8
    waiting = trainings_commands.seat_enterprise(training.id, enterprise_id=third, seats=SEATS)
    assert (waiting.placement_of(third).state, waiting.placement_of(third).position) == ("waiting", 1)
    trainings_commands.deliver_training(training.id, attendance=attendance(first, second))
    with pytest.raises(NotAllowedNow):
        trainings_commands.seat_enterprise(
            training.id, enterprise_id=factories.walked(ALPHA, "enrolled").id, seats=SEATS
        )


def test_an_enterprise_attends_a_module_again_only_where_that_is_said(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    training, enterprise = factories.training(ALPHA), factories.walked(ALPHA, "enrolled", plan=("M1", "M2"))
    completed(enterprise, "M1")
    asked = {"enterprise_id": str(enterprise.id), "seats": SEATS}
    address = f"/v1/trainings/{training.id}/rosters"
    refused = caller.post(address, json=asked, headers={**headers, "Idempotency-Key": "first"})
    assert refused.status_code == 422, refused.text
    assert [(fault["pointer"], fault["code"]) for fault in refused.json["errors"]] == [("/again", "completed-already")]
    assert events_said(RosterSeated) == []
    seated = caller.post(address, json={**asked, "again": True}, headers={**headers, "Idempotency-Key": "second"})
    assert seated.status_code == 201, seated.text
    assert len(events_said(RosterSeated)) == 1


def test_parallel_claims_are_all_kept_and_no_seat_is_sold_twice(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    client("enrollment")
    enterprises = [factories.walked(ALPHA, "enrolled").id for _ in range(PARALLEL)]
    training = factories.training(ALPHA, capacity=10)
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
    assert len(events_said(RosterSeated)) == 2
    told = [event.position for event in events_said(RosterWaitlisted)]
    assert sorted(told) == list(range(1, waiting + 1))
    in_line = {answer.json["enterprise_id"]: answer.json["position"] for answer in answers}
    assert [in_line[str(roster.enterprise_id)] for roster in kept.waiting] == list(range(1, waiting + 1))


def test_the_waiting_list_moves_up_over_http(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    training, first, second = (
        factories.training(ALPHA, capacity=4),
        *(factories.walked(ALPHA, "enrolled") for _ in "ab"),
    )
    url = f"/v1/trainings/{training.id}"
    placed = [
        caller.post(f"{url}/rosters", json={"enterprise_id": str(each.id), "seats": SEATS}, headers=headers)
        for each in (first, second)
    ]
    assert [(answer.status_code, answer.json["state"], answer.json["position"]) for answer in placed] == [
        (201, "seated", 0),
        (201, "waiting", 1),
    ]
    assert placed[1].headers["Location"] == url
    own = caller.get(url, headers=tokens.headers("enterprise", enterprise=second.id))
    assert (own.json["rosters"], [place["position"] for place in own.json["waiting"]]) == ([], [1])
    gone = caller.post(f"{url}/rosters/{first.id}/withdrawal", json={"reason": "no_staff_free"}, headers=headers)
    assert [roster["enterprise_id"] for roster in gone.json["rosters"]] == [str(second.id)]
    assert gone.json["waiting"] == []
    assert [event.enterprise_id for event in events_said(RosterSeated)] == [first.id, second.id]
    assert [event.enterprise_id for event in events_said(RosterWithdrawn)] == [first.id]
    unknown = caller.post(f"{url}/rosters/{first.id}/withdrawal", json={"reason": "other"}, headers=headers)
    assert unknown.status_code == 404


def test_remarks_about_a_roster_are_in_the_callers_language(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    men = {"managers": {"women": 0, "men": 2}, "workers": {"women": 0, "men": 2}}
    training = factories.training(ALPHA)
    said = {}
    for language in ("id", "en"):
        body = {"enterprise_id": str(factories.walked(ALPHA, "enrolled").id), "seats": men}
        answer = caller.post(
            f"/v1/trainings/{training.id}/rosters", json=body, headers={**headers, "Accept-Language": language}
        )
        (warning,) = answer.json["warnings"]
        said[language] = (answer.status_code, warning["code"], warning["detail"])
    assert said["id"] == (201, "no-woman", "Tidak ada perempuan di antara peserta.")
    assert said["en"] == (201, "no-woman", "There is no woman among the participants.")
