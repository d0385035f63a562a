"""What a training and a seat wait for, and which gates may be opened."""

from __future__ import annotations

import pytest

from services.enrollment.journeys import commands as journeys_commands
from services.enrollment.participation import commands as participation_commands
from services.enrollment.settings import enrollment_settings
from services.enrollment.trainers import commands as trainers_commands
from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings.model import Training
from shared.contracts.events.enrollment import RosterSeated
from shared.domain.errors import GateClosed, NotAllowedNow
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from tests.support import factories
from tests.support.factories import ALPHA, SEATS, ZONE, attendance, days_ago
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.request_order import made_from_schema
from tests.support.tokens import Tokens
from tests.support.trainers import known_trainer


def test_a_training_waits_for_its_trainers_certificate(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, lead = client("enrollment"), known_trainer()
    body = made_from_schema("schedule_training", lead_trainer_id=str(lead), co_trainer_ids=[])
    del body["provider_id"], body["supervisor_id"]
    headers = {**tokens.headers("provider", institution=ALPHA), "Idempotency-Key": "once"}
    refused = caller.post("/v1/trainings", json=body, headers=headers)
    assert refused.status_code == 409, refused.text
    assert refused.json["type"] == "/problems/gate-closed"
    assert refused.json["missing"] == ["id.score.certification.trainer_certified.v1"]
    assert refused.headers["Retry-After"] == "2"
    factories.entitled(lead)
    assert caller.post("/v1/trainings", json=body, headers=headers).status_code == 201


def test_a_certificate_must_hold_on_every_day(staff: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    lead, days = known_trainer(), days_ago(5, 4)

    def schedule() -> Training:
        return factories.training(ALPHA, days=days, trainer=lead)

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
        assert factories.training(ALPHA, days=days, trainer=known_trainer()).state == "scheduled"
    monkeypatch.undo()
    enrollment_settings.cache_clear()


def test_the_baseline_gate_names_the_missing_assessment(staff: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    enterprise = factories.enterprise(ALPHA)
    training = factories.training(ALPHA, enterprise.id)
    monkeypatch.setenv("SCORE_GATE_BASELINE", "on")
    enrollment_settings.cache_clear()
    try:
        with pytest.raises(GateClosed) as closed:
            trainings_commands.deliver_training(training.id, attendance=attendance(enterprise.id))
        assert closed.value.members["missing"] == ["id.score.consulting.baseline_assessed.v1"]
        with acting_as(SYSTEM):
            journeys_commands.keep_baseline(enterprise.id, days_ago(30)[0])
        assert (
            trainings_commands.deliver_training(training.id, attendance=attendance(enterprise.id)).state == "delivered"
        )
    finally:
        monkeypatch.undo()
        enrollment_settings.cache_clear()


def test_a_module_waits_for_the_classroom_of_the_one_before_it(staff: Principal) -> None:
    enterprise, lead = factories.walked(ALPHA, "enrolled"), factories.entitled(ids.new(), "M2")
    training = trainings_commands.schedule_training(
        module="M2", kind="regular", zone=ZONE, delivery_mode="direct", co_trainer_ids=[], provider_id=ALPHA,
        days=days_ago(5, 4), lead_trainer_id=lead,
    )  # fmt: skip
    with pytest.raises(NotAllowedNow) as refused:
        trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, seats=SEATS)
    assert refused.value.members["state"] == "without M1"
    factories.delivered(ALPHA, enterprise.id)
    assert trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, seats=SEATS).seats_taken == 4


@pytest.mark.parametrize(
    ("state", "missing", "words"),
    [
        (
            "registered",
            ["screen_enterprise", "commit_enterprise", "enroll_enterprise"],
            {
                "id": "Yang harus selesai dahulu: pemeriksaan kelayakan, komitmen yang ditandatangani, "
                "pendaftaran sebagai peserta.",
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
    enterprise, url = factories.walked(ALPHA, state), f"/v1/trainings/{factories.training(ALPHA).id}/rosters"
    body = {"enterprise_id": str(enterprise.id), "seats": SEATS}
    for language, detail in words.items():
        refused = caller.post(url, json=body, headers={**headers, "Accept-Language": language})
        assert (refused.status_code, refused.json["type"]) == (409, "/problems/step-skipped")
        assert (refused.json["missing"], refused.json["detail"]) == (missing, detail)
    assert events_said(RosterSeated) == []


def test_the_gate_of_the_commitment_can_be_opened_but_not_to_one_that_left(
    staff: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, gone = factories.training(ALPHA), factories.walked(ALPHA, "enrolled")
    participation_commands.withdraw_enterprise(gone.id, reason="cost")
    try:
        for number, gate in enumerate(("warn", "off"), start=1):
            monkeypatch.setenv("SCORE_GATE_COMMITMENT", gate)
            enrollment_settings.cache_clear()
            seated = trainings_commands.seat_enterprise(
                training.id, enterprise_id=factories.enterprise(ALPHA).id, seats=SEATS
            )
            assert len(seated.rosters) == number
            with pytest.raises(NotAllowedNow) as refused:
                trainings_commands.seat_enterprise(training.id, enterprise_id=gone.id, seats=SEATS)
            assert refused.value.members["state"] == "withdrawn"
    finally:
        monkeypatch.undo()
        enrollment_settings.cache_clear()
