"""Participants are seated by id, with their consent, and counted by their days."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from services.enrollment.people import commands as people_commands
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.rosters.named_seats import NO_CONSENT
from services.enrollment.trainings import commands as trainings_commands
from shared.contracts.events.enrollment import RosterSeated, TrainingDelivered
from shared.domain.errors import Invalid
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.catalogues import catalogues_of
from tests.support.factories import ALPHA, SEATS
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.tokens import Tokens


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
    enterprise = factories.walked(ALPHA, "enrolled")
    came, left_early, worker = participants(
        enterprise.id, ("female", "manager"), ("male", "manager"), ("female", "worker")
    )
    training = factories.training(ALPHA)
    sent = [came, left_early, worker]
    trainings_commands.seat_enterprise(training.id, enterprise_id=enterprise.id, participant_ids=sent)
    (seated,) = events_said(RosterSeated)
    assert (seated.participant_ids, seated.seats.managers.total, seated.seats.workers.women) == (tuple(sent), 2, 1)
    first, second = training.days
    trainings_commands.record_attendance(training.id, day=first, participant_ids=sent)
    trainings_commands.record_attendance(training.id, day=second, participant_ids=[came, worker])
    trainings_commands.deliver_training(training.id, attendance=[])
    (event,) = events_said(TrainingDelivered)
    assert event.enterprises[0].participant_ids == (came, worker)
    assert (event.enterprises[0].attendance.managers.women, event.enterprises[0].attendance.managers.men) == (1, 0)


def test_a_participant_of_another_enterprise_is_unknown_and_the_same_one_sits_once(staff: Principal) -> None:
    enterprise, other = factories.walked(ALPHA, "enrolled"), factories.enterprise(ALPHA)
    own = participants(enterprise.id, ("female", "manager"), ("female", "worker"))
    foreign = participants(other.id, ("female", "worker"))
    training = factories.training(ALPHA)
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
    enterprise = factories.walked(ALPHA, "enrolled")
    manager, worker, spare = participants(
        enterprise.id, ("female", "manager"), ("male", "worker"), ("female", "worker")
    )
    never = people_commands.register_participant(
        enterprise_id=enterprise.id, name="Peserta Lain", sex="male", role="worker", language="id"
    ).id
    NO_LONGER[why](worker)
    url = f"/v1/trainings/{factories.training(ALPHA).id}/rosters"
    for language in ("id", "en"):
        body = {"enterprise_id": str(enterprise.id), "participant_ids": [str(manager), str(worker), str(never)]}
        answer = caller.post(url, json=body, headers={**headers, "Accept-Language": language})
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/consent-missing")
        assert answer.json["participants"] == [str(worker), str(never)]
        pointers = [(fault["pointer"], fault["detail"]) for fault in answer.json["errors"]]
        assert pointers == [
            (f"/participant_ids/{number}", catalogues_of("enrollment").text(NO_CONSENT, language)) for number in (1, 2)
        ]
    assert events_said(RosterSeated) == []
    body = {"enterprise_id": str(enterprise.id), "participant_ids": [str(manager), str(spare)]}
    assert caller.post(url, json=body, headers=headers).status_code == 201
