"""Classrooms on the real store: participants by name, the waiting list over HTTP, leads who lose their certificate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.enrollment.dashboard.queries import attention
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.journeys import jobs as journeys_jobs
from services.enrollment.journeys.model import Journey
from services.enrollment.participation import commands as participation_commands
from services.enrollment.people import commands as people_commands
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.rosters.named_seats import NO_CONSENT
from services.enrollment.settings import enrollment_settings
from services.enrollment.trainers import commands as trainers_commands
from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings import jobs as trainings_jobs
from services.enrollment.trainings.model import Training
from shared.contracts.enrollment import (
    ModuleLapsed,
    RosterSeated,
    RosterWithdrawn,
    TrainerConflictFound,
    TrainingCancelled,
    TrainingDelivered,
    TrainingRescheduled,
)
from shared.errors import GateClosed, Invalid, NotAllowedNow
from shared.runtime import clock, ids
from shared.runtime.context import SYSTEM, Principal, acting_as
from tests.integration.services import worlds
from tests.integration.services.conftest import Enter
from tests.integration.services.records import facts_said
from tests.integration.services.tokens import Tokens
from tests.integration.services.worlds import ALPHA, BETA, SEATS, STAFF, ZONE, days_ago

Client = Callable[[str], FlaskClient]


@pytest.fixture
def staff(enter: Enter) -> Any:
    enter("enrollment")
    with acting_as(STAFF):
        worlds.institution(ALPHA)
        yield STAFF


def certificate(trainer_id: UUID, *, valid_to: date, ended_on: date | None = None) -> None:
    with acting_as(SYSTEM):
        trainers_commands.keep_entitlement(
            qualification_id=ids.derived("qualification", trainer_id, "M1"), trainer_id=trainer_id, module="M1",
            valid_from=date(2020, 1, 1), valid_to=valid_to, ended_on=ended_on,
        )  # fmt: skip


def test_the_waiting_list_moves_up_over_http(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    training, first, second = worlds.training(ALPHA, capacity=4), *(worlds.walked(ALPHA, "enrolled") for _ in "ab")
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
    assert [fact.enterprise_id for fact in facts_said(RosterSeated)] == [first.id, second.id]
    assert [fact.enterprise_id for fact in facts_said(RosterWithdrawn)] == [first.id]
    unknown = caller.post(f"{url}/rosters/{first.id}/withdrawal", json={"reason": "other"}, headers=headers)
    assert unknown.status_code == 404


def test_remarks_about_a_roster_are_in_the_callers_language(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    men = {"managers": {"women": 0, "men": 2}, "workers": {"women": 0, "men": 2}}
    training = worlds.training(ALPHA)
    said = {}
    for language in ("id", "en"):
        body = {"enterprise_id": str(worlds.walked(ALPHA, "enrolled").id), "seats": men}
        answer = caller.post(
            f"/v1/trainings/{training.id}/rosters", json=body, headers={**headers, "Accept-Language": language}
        )
        (warning,) = answer.json["warnings"]
        said[language] = (answer.status_code, warning["code"], warning["detail"])
    assert said["id"] == (201, "no-woman", "Tidak ada perempuan di antara peserta.")
    assert said["en"] == (201, "no-woman", "There is no woman among the participants.")


def participants(enterprise_id: UUID, *roles: tuple[str, str]) -> list[UUID]:
    return [
        people_commands.register_participant(
            enterprise_id=enterprise_id,
            name=f"Peserta {number}",
            sex=sex,
            role=role,
            language="id",
            consent={"purposes": ["training"]},
        ).id
        for number, (sex, role) in enumerate(roles)
    ]


def test_participants_are_seated_by_id_and_counted_by_their_days(staff: Principal) -> None:
    enterprise = worlds.walked(ALPHA, "enrolled")
    came, left_early, worker = participants(
        enterprise.id, ("female", "manager"), ("male", "manager"), ("female", "worker")
    )
    training = worlds.training(ALPHA)
    sent = [came, left_early, worker]
    trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, participant_ids=sent)
    (seated,) = facts_said(RosterSeated)
    assert (seated.participant_ids, seated.seats.managers.total, seated.seats.workers.women) == (tuple(sent), 2, 1)
    first, second = training.days
    trainings_commands.record_attendance(training.id, day=first, participant_ids=sent)
    trainings_commands.record_attendance(training.id, day=second, participant_ids=[came, worker])
    trainings_commands.deliver_training(training.id, attendance=[])
    (fact,) = facts_said(TrainingDelivered)
    assert fact.enterprises[0].participant_ids == (came, worker)
    assert (fact.enterprises[0].attendance.managers.women, fact.enterprises[0].attendance.managers.men) == (1, 0)


def test_a_participant_of_another_enterprise_is_unknown_and_the_same_one_sits_once(staff: Principal) -> None:
    enterprise, other = worlds.walked(ALPHA, "enrolled"), worlds.enterprise(ALPHA)
    own = participants(enterprise.id, ("female", "manager"), ("female", "worker"))
    foreign = participants(other.id, ("female", "worker"))
    training = worlds.training(ALPHA)
    for sent, code in (([*own, *foreign], "unknown-participant"), ([*own, own[0]], "participant-twice")):
        with pytest.raises(Invalid) as refused:
            trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, participant_ids=sent)
        assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [("/participant_ids/2", code)]
    for both in ({"seats": SEATS, "participant_ids": own}, {}):
        with pytest.raises(Invalid) as refused:
            trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, **both)
        assert [fault.code for fault in refused.value.errors] == ["seats-or-participants"]


NO_LONGER: dict[str, Callable[[UUID], object]] = {
    "withdrawn": lambda person: people_commands.withdraw_consent(person, purposes=["training"]),
    "restricted": people_commands.restrict_processing,
    "erased": privacy_commands.erase_participant,
}


@pytest.mark.parametrize("why", NO_LONGER)
def test_nobody_is_named_without_consent_to_training(
    client: Client, tokens: Tokens, staff: Principal, why: str
) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    enterprise = worlds.walked(ALPHA, "enrolled")
    manager, worker, spare = participants(
        enterprise.id, ("female", "manager"), ("male", "worker"), ("female", "worker")
    )
    never = people_commands.register_participant(
        enterprise_id=enterprise.id, name="Peserta Lain", sex="male", role="worker", language="id"
    ).id
    NO_LONGER[why](worker)
    url = f"/v1/trainings/{worlds.training(ALPHA).id}/rosters"
    for language in ("id", "en"):
        body = {"enterprise_id": str(enterprise.id), "participant_ids": [str(manager), str(worker), str(never)]}
        answer = caller.post(url, json=body, headers={**headers, "Accept-Language": language})
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/consent-missing")
        assert answer.json["participants"] == [str(worker), str(never)]
        pointers = [(fault["pointer"], fault["detail"]) for fault in answer.json["errors"]]
        assert pointers == [(f"/participant_ids/{number}", NO_CONSENT[language]) for number in (1, 2)]
    assert facts_said(RosterSeated) == []
    body = {"enterprise_id": str(enterprise.id), "participant_ids": [str(manager), str(spare)]}
    assert caller.post(url, json=body, headers=headers).status_code == 201


def test_a_training_is_moved_and_called_off(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    lead = worlds.entitled(ids.new())
    training, enterprise = worlds.training(ALPHA), worlds.walked(ALPHA, "enrolled")
    trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, seats=SEATS)
    url, days = f"/v1/trainings/{training.id}", [day.isoformat() for day in days_ago(-6, -7)]
    moved = caller.post(
        f"{url}/rescheduling", headers=headers,
        json={"reason": "trainer_unavailable", "days": days[::-1], "lead_trainer_id": str(lead)},
    )  # fmt: skip
    assert (moved.status_code, moved.json["days"], moved.json["revision"]) == (200, sorted(days), 2)
    assert lead in Enterprise.get(enterprise.id).trainer_ids
    refused = caller.post(
        f"{url}/rescheduling", json={"reason": "other", "lead_trainer_id": str(ids.new())}, headers=headers
    )
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/gate-closed")
    assert caller.post(f"{url}/cancellation", json={"reason": "other"}, headers=headers).json["state"] == "cancelled"
    (rescheduled,), (cancelled,) = facts_said(TrainingRescheduled), facts_said(TrainingCancelled)
    assert (rescheduled.previous_days, rescheduled.revision) == (tuple(training.days), 2)
    assert (cancelled.revision, cancelled.reason) == (2, "other")
    late = caller.post(f"{url}/rescheduling", json={"reason": "other"}, headers=headers)
    assert (late.status_code, late.json["state"], late.json["allowed_from"]) == (409, "cancelled", ["scheduled"])


def test_a_lead_whose_certificate_ends_before_a_planned_day_is_a_conflict_until_it_is_solved(staff: Principal) -> None:
    lead = worlds.entitled(ids.new())
    ahead = worlds.training(ALPHA, days=days_ago(-20, -21), trainer=lead)
    worlds.training(ALPHA, days=days_ago(10, 9), trainer=lead)
    with acting_as(SYSTEM):
        assert trainings_jobs.review_leads() == 0
    certificate(lead, valid_to=ahead.days[0])
    with acting_as(SYSTEM):
        assert trainings_jobs.review_leads() == 1
        assert trainings_jobs.review_leads() == 0
    (fact,) = facts_said(TrainerConflictFound)
    assert (fact.training_id, fact.lead_trainer_id, fact.days) == (ahead.id, lead, (ahead.days[1],))
    assert [training.id for training in attention().conflicts] == [ahead.id]
    certificate(lead, valid_to=date(2099, 12, 31))
    with acting_as(SYSTEM):
        assert trainings_jobs.review_leads() == 1
    assert attention().conflicts == []
    assert len(facts_said(TrainerConflictFound)) == 1


def test_a_candidate_leads_only_under_the_expert_who_was_named(staff: Principal) -> None:
    candidate, expert, other = ids.new(), worlds.entitled(ids.new()), worlds.entitled(ids.new())
    days = days_ago(10, 9)

    def planned(supervisor: UUID | None) -> Training:
        return worlds.training(ALPHA, days=days, trainer=candidate, kind="supervised", supervisor_id=supervisor)

    with pytest.raises(GateClosed) as closed:
        planned(expert)
    assert closed.value.missing == "id.score.certification.supervised_delivery_authorised.v1"
    with acting_as(SYSTEM):
        trainers_commands.keep_authorisation(
            qualification_id=ids.derived("qualification", candidate, "M1"), trainer_id=candidate, module="M1",
            expert_id=expert, valid_from=days[0], valid_to=days[1],
        )  # fmt: skip
    with pytest.raises(GateClosed):
        planned(other)
    for supervisor, code in ((None, "supervisor-missing"), (candidate, "supervises-own")):
        with pytest.raises(Invalid) as refused:
            planned(supervisor)
        assert [fault.code for fault in refused.value.errors] == [code]
    assert planned(expert).trainer_ids == [candidate, expert]
    with acting_as(SYSTEM):
        certificate(expert, valid_to=date(2099, 12, 31), ended_on=days[1])
    with pytest.raises(GateClosed):
        planned(expert)


def test_a_module_waits_for_the_classroom_of_the_one_before_it(staff: Principal) -> None:
    enterprise, lead = worlds.walked(ALPHA, "enrolled"), worlds.entitled(ids.new(), "M2")
    training = trainings_commands.schedule_training(
        module="M2", kind="regular", zone=ZONE, delivery_mode="direct", co_trainer_ids=[], provider_id=ALPHA,
        days=days_ago(5, 4), lead_trainer_id=lead,
    )  # fmt: skip
    with pytest.raises(NotAllowedNow) as refused:
        trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, seats=SEATS)
    assert refused.value.members["state"] == "without M1"
    worlds.delivered(ALPHA, enterprise.id)
    assert trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, seats=SEATS).seats_taken == 4


@pytest.mark.parametrize(
    ("state", "missing", "words"),
    [
        (
            "registered",
            ["screen_enterprise", "commit_enterprise", "enroll_enterprise"],
            {
                "id": "Yang harus selesai dahulu: penyaringan, komitmen, pendaftaran sebagai peserta.",
                "en": "This comes first: screening, then the signed commitment, then enrolment.",
            },
        ),
        (
            "committed",
            ["enroll_enterprise"],
            {"id": "Yang harus selesai dahulu: pendaftaran sebagai peserta.", "en": "This comes first: enrolment."},
        ),
    ],
)
@pytest.mark.usefixtures("staff")
def test_seats_wait_for_the_enterprise_to_be_enrolled(
    client: Client, tokens: Tokens, state: str, missing: list[str], words: dict[str, str]
) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    enterprise, url = worlds.walked(ALPHA, state), f"/v1/trainings/{worlds.training(ALPHA).id}/rosters"
    body = {"enterprise_id": str(enterprise.id), "seats": SEATS}
    for language, detail in words.items():
        refused = caller.post(url, json=body, headers={**headers, "Accept-Language": language})
        assert (refused.status_code, refused.json["type"]) == (409, "/problems/step-skipped")
        assert (refused.json["missing"], refused.json["detail"]) == (missing, detail)
    assert facts_said(RosterSeated) == []


def test_the_gate_of_the_commitment_can_be_opened_but_not_to_one_that_left(
    staff: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, gone = worlds.training(ALPHA), worlds.walked(ALPHA, "enrolled")
    participation_commands.withdraw_enterprise(gone.id, reason="cost")
    try:
        for number, gate in enumerate(("warn", "off"), start=1):
            monkeypatch.setenv("SCORE_GATE_COMMITMENT", gate)
            enrollment_settings.cache_clear()
            seated = trainings_commands.seat_enterprise(
                training.id, enterprise_id=worlds.enterprise(ALPHA).id, seats=SEATS
            )
            assert len(seated.rosters) == number
            with pytest.raises(NotAllowedNow) as refused:
                trainings_commands.seat_enterprise(training.id, enterprise_id=gone.id, seats=SEATS)
            assert refused.value.members["state"] == "withdrawn"
    finally:
        monkeypatch.undo()
        enrollment_settings.cache_clear()


def test_a_module_that_is_not_completed_in_time_lapses_by_itself_once(staff: Principal) -> None:
    old, young = worlds.enterprise(ALPHA), worlds.enterprise(ALPHA)
    worlds.delivered(ALPHA, old.id, days=[day - timedelta(days=1) for day in days_ago(220, 219)])
    worlds.delivered(ALPHA, young.id)
    with acting_as(SYSTEM):
        assert journeys_jobs.lapse_modules() == 1
        assert journeys_jobs.lapse_modules() == 0
    (fact,) = facts_said(ModuleLapsed)
    assert (fact.enterprise_id, fact.missing, fact.lapsed_on) == (old.id, ("visits",), clock.today(ZONE))
    assert Journey.get(fact.journey_id).state == "lapsed"


def test_a_journey_says_in_words_what_is_missing(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, enterprise = client("enrollment"), worlds.enterprise(ALPHA)
    training = worlds.delivered(ALPHA, enterprise.id)
    url, headers = (
        f"/v1/journeys/{training.rosters[0].journey_id}",
        tokens.headers("enterprise", enterprise=enterprise.id),
    )
    said = [
        caller.get(url, headers={**headers, "Accept-Language": language}).json["missing"] for language in ("id", "en")
    ]
    assert [(part["part"], part["count"]) for (part,) in said] == [("visits", training.required_visits)] * 2
    assert said[0][0]["detail"].startswith("Kunjungan")
    assert said[1][0]["detail"].startswith("Accepted visits")
    assert caller.get(url, headers=tokens.headers("provider", institution=BETA)).status_code == 404
