"""A visit from its plan to its acceptance, and back: who may take which step, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from services.consulting.visits import commands
from services.consulting.visits.model import Visit
from shared.contracts.events.consulting import VisitAccepted, VisitReturned, VisitScheduled, VisitVoided
from shared.domain.errors import Conflict, Forbidden, Invalid, NotAllowedNow
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from shared.storage import connection
from tests.support import factories
from tests.support.factories import ALPHA, days_ago
from tests.support.records import events_said
from tests.support.request_order import made_from_schema
from tests.support.tokens import Tokens

Client = Callable[[str], FlaskClient]

REPORT = {"visited_on": days_ago(2)[0], "minutes": 120, "findings": "Alur kerja mesin potong diperbaiki."}


def test_a_visit_goes_from_plan_to_acceptance_over_http(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, trainer = client("consulting"), factories.visiting(of=ALPHA)
    of_provider, of_trainer = tokens.headers("provider", institution=ALPHA), tokens.headers("trainer", trainer=trainer)
    body = made_from_schema(
        "schedule_visit", enterprise_id=str(factories.known_enterprise(ALPHA)), trainer_id=str(trainer), number=1
    )
    planned = caller.post("/v1/visits", json=body, headers=of_provider).json
    url = f"/v1/visits/{planned['id']}"
    report = {**REPORT, "visited_on": REPORT["visited_on"].isoformat()}
    assert caller.post(f"{url}/report", json=report, headers=of_trainer).json["state"] == "reported"
    refused = caller.post(f"{url}/acceptance", headers=of_trainer)
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/forbidden")
    assert caller.post(f"{url}/acceptance", headers=of_provider).json["state"] == "accepted"
    (event,) = events_said(VisitAccepted)
    assert (str(event.visit_id), event.visited_on, event.minutes, event.trainer_id, event.provider_id) == (
        planned["id"], REPORT["visited_on"], 120, trainer, ALPHA,
    )  # fmt: skip
    assert REPORT["findings"] not in str(list(connection.database()["outbox"].find({})))
    assert len(events_said(VisitScheduled)) == 1


def test_nobody_accepts_a_report_of_their_own(staff: Principal) -> None:
    visit = factories.visit(ALPHA)
    author, colleague = factories.provider(ALPHA), Principal("colleague", "provider", "tests", institution=ALPHA)
    its_trainer = Principal("t", "provider", "tests", institution=ALPHA, trainer=visit.trainer_id)
    with acting_as(author):
        commands.report_visit(visit.id, **REPORT)
        with pytest.raises(Forbidden):
            commands.accept_report(visit.id)
    with acting_as(its_trainer), pytest.raises(Forbidden):
        commands.accept_report(visit.id)
    assert Visit.get(visit.id).state == "reported"
    assert events_said(VisitAccepted) == []
    with acting_as(colleague):
        assert commands.accept_report(visit.id).state == "accepted"


def test_a_returned_report_is_handed_in_again_and_counts_once(staff: Principal) -> None:
    visit = factories.visit(ALPHA, to="reported")
    commands.return_report(visit.id, reason="incomplete", comment="Tolong lengkapi.")
    with pytest.raises(NotAllowedNow):
        commands.accept_report(visit.id)
    with acting_as(Principal("trainer", "trainer", "tests", trainer=visit.trainer_id)):
        commands.report_visit(visit.id, **REPORT)
    commands.accept_report(visit.id)
    assert [len(events_said(kind)) for kind in (VisitReturned, VisitAccepted, VisitVoided)] == [1, 1, 0]
    assert "lengkapi" not in str(list(connection.database()["outbox"].find({})))


def test_voiding_takes_an_accepted_visit_back_in_the_words_that_counted_it(staff: Principal) -> None:
    visit = factories.visit(ALPHA, to="accepted")
    commands.move_enterprise(visit.enterprise_id, provider_id=factories.BETA)
    commands.void_visit(visit.id, reason="not_held")
    (accepted,), (voided,) = events_said(VisitAccepted), events_said(VisitVoided)
    for name in ("visit_id", "enterprise_id", "module", "number", "visited_on", "minutes", "trainer_id", "provider_id"):
        assert getattr(accepted, name) == getattr(voided, name), name
    for step in (commands.void_visit, commands.return_report):
        with pytest.raises(NotAllowedNow):
            step(visit.id, reason="other")


def test_only_a_reported_visit_can_be_accepted(staff: Principal) -> None:
    visit = factories.visit(ALPHA)
    with pytest.raises(NotAllowedNow):
        commands.accept_report(visit.id)
    assert events_said(VisitAccepted) == []


def test_a_report_that_is_accepted_again_is_as_it_was(client: Client, tokens: Tokens, staff: Principal) -> None:
    visit = factories.visit(ALPHA, to="accepted")
    headers = tokens.headers("provider", institution=ALPHA)
    again = client("consulting").post(f"/v1/visits/{visit.id}/acceptance", headers=headers)
    assert (again.status_code, again.json["state"], again.json["version"]) == (200, "accepted", visit.version)
    assert len(events_said(VisitAccepted)) == 1


def test_ones_own_report_is_refused_by_its_name(client: Client, tokens: Tokens, staff: Principal) -> None:
    visit = factories.visit(ALPHA, to="reported")
    both = tokens.headers("provider", institution=ALPHA, trainer=visit.trainer_id)
    refused = client("consulting").post(f"/v1/visits/{visit.id}/acceptance", headers=both)
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/own-report")


def test_a_visit_to_come_cannot_be_reported(staff: Principal) -> None:
    visit = factories.visit(ALPHA)
    with pytest.raises(Invalid) as refused:
        commands.report_visit(visit.id, **{**REPORT, "visited_on": days_ago(-1)[0]})
    assert [fault.pointer for fault in refused.value.errors] == ["/visited_on"]
    assert Visit.get(visit.id).state == "scheduled"


def test_numbers_are_given_once_and_given_back(staff: Principal) -> None:
    enterprise = factories.known_enterprise(ALPHA)
    first, second = (factories.visit(ALPHA, enterprise_id=enterprise) for _ in range(2))
    assert (first.number, second.number) == (1, 2)
    said = {
        "enterprise_id": enterprise,
        "module": "M1",
        "planned_on": days_ago(1)[0],
        "trainer_id": factories.visiting(),
    }
    with pytest.raises(Conflict):
        commands.schedule_visit(**said, number=2)
    commands.cancel_visit(first.id, reason="trainer_ill")
    assert commands.schedule_visit(**said).number == 1


def test_an_enterprise_that_left_gets_no_more_visits(staff: Principal) -> None:
    planned = factories.visit(ALPHA)
    held = factories.visit(ALPHA, to="accepted", enterprise_id=planned.enterprise_id)
    commands.withdraw_enterprise(planned.enterprise_id)
    assert [Visit.get(visit.id).state for visit in (planned, held)] == ["cancelled", "accepted"]
    with pytest.raises(Invalid) as refused:
        factories.visit(ALPHA, enterprise_id=planned.enterprise_id)
    assert [fault.pointer for fault in refused.value.errors] == ["/enterprise_id"]
