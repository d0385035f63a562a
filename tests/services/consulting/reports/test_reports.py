"""A report: its checklist, the draft that is kept meanwhile, corrections before the review, remarks when it goes back."""

from __future__ import annotations

import pytest

from services.consulting.reports.checklists import checklist, checklists
from services.consulting.visits import commands
from services.consulting.visits.model import Visit
from shared.contracts.events.consulting import VisitAccepted, VisitReturned
from shared.domain.errors import Invalid, NotAllowedNow
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, days_ago
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.tokens import Tokens

DAY = days_ago(2)[0]


def test_every_item_has_its_words_and_no_list_an_item_twice() -> None:
    for items in checklists().values():
        assert all(item.text["id"] and item.text["en"] for item in items)
        assert len({item.code for item in items}) == len(items)


@pytest.mark.parametrize("module", ["M1", "M2", "M3", "M4", "M5", "M9"])
def test_each_module_has_a_list_for_each_visit(module: str) -> None:
    first, between, last = (checklist(module, number, 3) for number in (1, 2, 3))
    assert all((first, between, last))
    assert first != between != last
    assert checklist(module, 2, 2) == last
    assert checklist(module, 3, None) == between, "how many there are is not known yet"


def report(visit: Visit, *items: tuple[str, str]) -> Visit:
    answers = [{"item": item, "answer": answer} for item, answer in items]
    return commands.report_visit(visit.id, visited_on=DAY, minutes=60, findings="Gudang rapi.", checklist=answers)


def test_every_wrong_item_and_the_day_are_told_at_once(staff: Principal) -> None:
    visit = factories.visit(ALPHA)
    answers = [{"item": item, "answer": "yes"} for item in ("owner-met", "nobody-knows", "owner-met")]
    with pytest.raises(Invalid) as refused:
        commands.report_visit(
            visit.id, visited_on=days_ago(-1)[0], minutes=60, findings="Gudang rapi.", checklist=answers
        )
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [
        ("/visited_on", "date-in-future"),
        ("/checklist/1/item", "unknown-item"),
        ("/checklist/2/item", "repeated-item"),
    ]


def test_a_draft_is_kept_and_gone_once_the_report_is_handed_in(staff: Principal) -> None:
    visit = factories.visit(ALPHA)
    commands.keep_draft(visit.id, findings="Belum selesai", checklist=[{"item": "owner-met"}])
    kept = Visit.get(visit.id)
    assert (kept.state, kept.draft.findings, kept.draft.checklist[0].answer) == ("scheduled", "Belum selesai", None)
    report(visit, ("owner-met", "yes"))
    assert (Visit.get(visit.id).draft, Visit.get(visit.id).report.checklist[0].answer) == (None, "yes")


def test_no_draft_is_kept_of_a_visit_that_counts(staff: Principal) -> None:
    with pytest.raises(NotAllowedNow):
        commands.keep_draft(factories.visit(ALPHA, to="accepted").id, findings="Terlambat")


def test_the_enterprise_reads_no_draft(client: Client, tokens: Tokens, staff: Principal) -> None:
    visit = factories.visit(ALPHA)
    commands.keep_draft(visit.id, findings="Belum selesai")
    read = {
        role: client("consulting").get(f"/v1/visits/{visit.id}", headers=tokens.headers(role, **claims)).json["draft"]
        for role, claims in {
            "trainer": {"trainer": visit.trainer_id},
            "enterprise": {"enterprise": visit.enterprise_id},
        }.items()
    }
    assert (read["trainer"]["findings"], read["enterprise"]) == ("Belum selesai", None)


def test_a_report_is_corrected_before_its_review_and_not_after(staff: Principal) -> None:
    visit = factories.visit(ALPHA, to="reported")
    assert report(visit).report.minutes == 60
    with acting_as(factories.provider(ALPHA)):
        commands.accept_report(visit.id)
    with pytest.raises(NotAllowedNow):
        report(visit)
    assert [event.minutes for event in events_said(VisitAccepted)] == [60]


def test_a_report_goes_back_with_remarks_on_its_items(staff: Principal) -> None:
    visit = report(factories.visit(ALPHA), ("owner-met", "no"))
    with pytest.raises(Invalid) as refused:
        commands.return_report(visit.id, reason="unclear", remarks=[{"item": "team-formed", "comment": "Siapa?"}])
    assert [fault.pointer for fault in refused.value.errors] == ["/remarks/0/item"]
    commands.return_report(visit.id, reason="unclear", remarks=[{"item": "owner-met", "comment": "Mengapa?"}])
    (remark,) = Visit.get(visit.id).history[-1].remarks
    assert (remark.item, remark.comment) == ("owner-met", "Mengapa?")
    assert "Mengapa" not in repr(events_said(VisitReturned))
