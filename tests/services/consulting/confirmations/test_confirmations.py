"""An enterprise says whether a visit took place as reported: with its account, by the link of a letter, or by phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.consulting.service import SERVICE
from services.consulting.settings import consulting_settings
from services.consulting.visits import commands as visits
from services.consulting.visits.errors import NotConfirmed, OwnReport
from services.consulting.visits.model import Visit
from shared.contracts.events.consulting import VisitAccepted, VisitReported
from shared.domain.errors import Invalid, NotAllowedNow
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, STAFF, days_ago
from tests.support.fixture_types import Client, Site
from tests.support.records import events_said
from tests.support.tokens import Tokens, signed_link
from tests.support.visitor import Visitor

DAY = days_ago(2)[0]


def owner_of(visit: Visit) -> Principal:
    return Principal(subject="pemilik", role="enterprise", issuer="tests", enterprise=visit.enterprise_id)


def report_again(visit: Visit, *, minutes: int) -> Visit:
    return visits.report_visit(visit.id, visited_on=DAY, minutes=minutes, findings="Gudang lebih rapi.")


def test_the_enterprise_is_asked_again_only_when_day_or_length_change(staff: Principal) -> None:
    visit = factories.visit(ALPHA, to="reported")
    with acting_as(owner_of(visit)):
        visits.confirm_visit(visit.id, answer="confirmed")
    report_again(visit, minutes=120)
    assert Visit.get(visit.id).is_confirmed
    assert len(events_said(VisitReported)) == 1
    report_again(visit, minutes=90)
    assert Visit.get(visit.id).confirmation is None, "what was confirmed is not what is reported now"
    assert [event.minutes for event in events_said(VisitReported)] == [120, 90]


def test_the_same_answer_again_changes_nothing_and_another_takes_its_place(staff: Principal) -> None:
    visit = factories.visit(ALPHA, to="reported")
    with acting_as(owner_of(visit)):
        first = visits.confirm_visit(visit.id, answer="confirmed")
        assert visits.confirm_visit(visit.id, answer="confirmed").version == first.version
        visits.confirm_visit(visit.id, answer="disputed", comment="Hanya satu jam.")
    kept = Visit.get(visit.id)
    assert (kept.confirmation.answer, kept.confirmation.comment) == ("disputed", "Hanya satu jam.")
    assert [step.verb for step in kept.history][-2:] == ["confirm", "dispute"]


def test_what_is_not_right_is_said_in_words(staff: Principal) -> None:
    visit = factories.visit(ALPHA, to="reported")
    with acting_as(owner_of(visit)), pytest.raises(Invalid) as refused:
        visits.confirm_visit(visit.id, answer="disputed")
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [("/comment", "required")]


def test_who_entered_the_report_does_not_enter_what_was_said_of_it_by_phone(staff: Principal) -> None:
    visit = factories.visit(ALPHA)
    report_again(visit, minutes=60)
    with pytest.raises(OwnReport):
        visits.confirm_visit(visit.id, answer="confirmed")
    another = Principal(subject="rekan", role="provider", issuer="tests", institution=ALPHA)
    with acting_as(another):
        assert visits.confirm_visit(visit.id, answer="confirmed").confirmation.channel == "phone"


def test_no_answer_is_taken_of_a_visit_that_is_reviewed(staff: Principal) -> None:
    visit = factories.visit(ALPHA, to="accepted")
    with acting_as(owner_of(visit)), pytest.raises(NotAllowedNow):
        visits.confirm_visit(visit.id, answer="confirmed")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SCORE_GATE_VISIT_CONFIRMATION", "on")
    consulting_settings.cache_clear()
    yield
    consulting_settings.cache_clear()


@pytest.mark.parametrize("answer", [None, {"answer": "disputed", "comment": "Tidak ada yang datang."}])
def test_where_the_programme_asks_for_it_nothing_is_accepted_unconfirmed(
    answer: dict[str, Any] | None, gate: None, staff: Principal
) -> None:
    visit = factories.visit(ALPHA, to="reported")
    with acting_as(owner_of(visit)):
        if answer:
            visits.confirm_visit(visit.id, **answer)
    with pytest.raises(NotConfirmed):
        visits.accept_report(visit.id)
    assert events_said(VisitAccepted) == []
    with acting_as(owner_of(visit)):
        visits.confirm_visit(visit.id, answer="confirmed")
    assert visits.accept_report(visit.id).state == "accepted"


def link_to(visit: Visit, *, of: UUID | None = None) -> str:
    return signed_link(of or visit.enterprise_id, visit.id, purpose="visit")


def test_the_link_of_a_letter_answers_for_its_enterprise_and_for_no_other(client: Client, staff: Principal) -> None:
    visit = factories.visit(ALPHA, to="reported")
    caller = client("consulting")
    foreign = {"link": link_to(visit, of=ids.new()), "answer": "confirmed"}
    assert caller.post("/v1/visit-confirmations", json=foreign).status_code == 404
    answered = caller.post("/v1/visit-confirmations", json={"link": link_to(visit), "answer": "confirmed"})
    assert (answered.status_code, answered.json) == (
        200,
        {"visit_id": str(visit.id), "visited_on": DAY.isoformat(), "answer": "confirmed"},
    )
    assert Visit.get(visit.id).confirmation.channel == "own"


def test_reviewer_and_enterprise_read_the_answer_with_its_words(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    visit = factories.visit(ALPHA, to="reported")
    with acting_as(owner_of(visit)):
        visits.confirm_visit(visit.id, answer="disputed", comment="Hanya satu jam.")
    for role, claims in {"provider": {"institution": ALPHA}, "enterprise": {"enterprise": visit.enterprise_id}}.items():
        read = client("consulting").get(f"/v1/visits/{visit.id}", headers=tokens.headers(role, **claims)).json
        assert read["confirmation"]["comment"] == "Hanya satu jam."
        assert [step["comment"] for step in read["history"] if step["verb"] == "dispute"] == ["Hanya satu jam."]


def test_the_page_of_the_link_shows_no_word_of_the_report(
    embedded: pytest.MonkeyPatch, tmp_path: Path, site: Site
) -> None:
    embedded.setenv("SCORE_LINK_KEYS_URL", Tokens(tmp_path).jwks.as_uri())
    app = site(SERVICE)
    with acting_as(STAFF):
        visit = factories.visit(ALPHA, to="reported")
        address = f"/visit-confirmations/{link_to(visit)}"
        owner = Visitor(app, "enterprise", language="en", enterprise=ids.new())
        shown = owner.read(address)
        assert "Did the visit take place like this?" in shown
        assert "Gudang" not in shown
        owner.send(address, answer="confirmed")
        assert Visit.get(visit.id).is_confirmed
        assert "Confirmed by the enterprise" in owner.read(address)
        visits.accept_report(visit.id)
        assert "No answer is needed any more" in owner.read(address)
