"""The review queue shows the report that waits longest beside the one before; a decision leads on to the next."""

from __future__ import annotations

from services.consulting.service import SERVICE
from services.consulting.visits import commands
from services.consulting.visits.model import Visit
from shared.kernel.context import acting_as
from tests.support import factories
from tests.support.factories import ALPHA, STAFF
from tests.support.fixture_types import Site
from tests.support.visitor import Visitor


def test_a_reviewer_decides_one_report_after_the_other(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        first = factories.visit(ALPHA, to="accepted")
        second = factories.visit(ALPHA, to="reported", enterprise_id=first.enterprise_id)
        third = factories.visit(ALPHA, to="reported")
        reviewer = Visitor(app, "provider", language="en", institution=ALPHA)
        shown = reviewer.read("/visits/review")
        assert "2 reports wait for review." in shown
        assert "Report 1 of 2" in shown
        compared = [reviewer.read(f"/visits/review?skip={at}").count("Gudang lebih rapi.") for at in (0, 1)]
        assert sorted(compared) == [1, 2], "the second visit stands beside the first one's report"
        commands.accept_report(second.id)
        commands.return_report(third.id, reason="incomplete")
        assert "Nothing to review" in reviewer.read("/visits/review")


def test_the_form_of_a_report_asks_the_checklist_and_shows_the_draft(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        visit = factories.visit(ALPHA)
        commands.keep_draft(visit.id, findings="Belum selesai", checklist=[{"item": "owner-met", "answer": "partly"}])
        trainer = Visitor(app, "trainer", language="en", trainer=visit.trainer_id)
        shown = trainer.read(f"/visits/{visit.id}/report")
        assert "The owner or management was there and supports it." in shown
        assert "Belum selesai" in shown
        assert "Go on with the draft" in trainer.read(f"/visits/{visit.id}")


def test_a_returned_report_shows_each_remark_beside_its_box(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        visit = factories.visit(ALPHA, to="reported")
        commands.return_report(visit.id, reason="unclear", remarks=[{"item": "findings", "comment": "Berapa banyak?"}])
        trainer = Visitor(app, "trainer", language="en", trainer=visit.trainer_id)
        assert "Berapa banyak?" in trainer.read(f"/visits/{visit.id}/report")
        assert "Berapa banyak?" in trainer.read(f"/visits/{visit.id}")
        assert Visit.get(visit.id).state == "returned"


def test_a_refused_draft_shows_what_was_typed_and_what_is_wrong(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        visit = factories.visit(ALPHA)
        trainer = Visitor(app, "trainer", language="en", trainer=visit.trainer_id)
        drawn = trainer.client.post(
            f"/visits/{visit.id}/draft",
            data={**trainer.hidden(f"/visits/{visit.id}/report"), "minutes": "0", "findings": "Separuh jadi"},
        ).text
        assert 'value="0"' in drawn
        assert "Separuh jadi" in drawn
        assert 'href="#minutes"' in drawn, "the summary leads to the box"
