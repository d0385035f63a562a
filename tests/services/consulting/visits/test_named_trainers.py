"""Whom a visit may be given to, and when who was named sees it no longer."""

from __future__ import annotations

from typing import Any

import pytest

from services.consulting.visits import commands
from services.consulting.visits.model import Visit
from shared.domain.errors import NotFound, NotKnownYet
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.fixture_types import Client
from tests.support.request_order import made_from_schema
from tests.support.tokens import Tokens
from tests.support.trainers import authorised

NOT_KNOWN_YET = "/problems/not-known-yet"


def trainer(trainer_id: Any) -> Principal:
    return Principal("trainer", "trainer", "tests", trainer=trainer_id)


def test_a_visit_names_nobody_elses_trainer_and_no_other_party(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    caller, headers = client("consulting"), tokens.headers("provider", institution=ALPHA)
    enterprise = factories.known_enterprise(ALPHA)
    planned = f"/v1/visits/{factories.visit(ALPHA).id}/rescheduling"
    told = []
    for other in (factories.visiting(of=BETA), enterprise, ids.new()):
        body = made_from_schema("schedule_visit", enterprise_id=str(enterprise), trainer_id=str(other))
        moved = {"planned_on": "2026-12-01", "reason": "other", "trainer_id": str(other)}
        for url, sent in (("/v1/visits", body), (planned, moved)):
            answer = caller.post(url, json=sent, headers=headers)
            assert (answer.status_code, answer.json["type"]) == (409, NOT_KNOWN_YET), answer.text
            assert [fault["pointer"] for fault in answer.json["errors"]] == ["/trainer_id"]
            told.append({name: said for name, said in answer.json.items() if name not in ("instance", "request_id")})
    assert all(one == told[0] for one in told)
    assert Visit.objects(provider_id=ALPHA).count() == 1


def test_a_visit_is_given_to_own_free_and_authorised_trainers(staff: Principal) -> None:
    own, free, expert, stranger = (factories.visiting(of=of) for of in (ALPHA, None, BETA, BETA))
    authorised(own, expert, days_ago(3))
    for named in (own, free, expert):
        assert factories.visit(ALPHA, trainer=named).trainer_id == named
    with pytest.raises(NotKnownYet):
        factories.visit(ALPHA, trainer=stranger)


def test_a_visit_of_an_enterprise_that_moved_is_its_trainers_no_longer(staff: Principal) -> None:
    first, second = factories.visiting(of=ALPHA), factories.visiting(of=BETA)
    planned = factories.visit(ALPHA, trainer=first)
    held = factories.visit(ALPHA, trainer=first, to="accepted", enterprise_id=planned.enterprise_id)
    with acting_as(trainer(first)):
        assert {visit.id for visit in Visit.objects} == {planned.id, held.id}
    commands.move_enterprise(planned.enterprise_id, provider_id=BETA)
    with acting_as(trainer(first)):
        assert list(Visit.objects) == []
        with pytest.raises(NotFound):
            commands.report_visit(planned.id, visited_on=days_ago(2)[0], minutes=60, findings="Gudang rapi.")
    with acting_as(factories.provider(BETA)):
        with pytest.raises(NotKnownYet):
            commands.reschedule_visit(planned.id, planned_on=days_ago(1)[0], reason="other")
        commands.reschedule_visit(planned.id, planned_on=days_ago(1)[0], reason="other", trainer_id=second)
    with acting_as(trainer(second)):
        assert [visit.id for visit in Visit.objects] == [planned.id]
