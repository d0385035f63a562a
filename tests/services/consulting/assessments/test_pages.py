"""The form of an assessment, its draft, and what is shown of an enterprise's readings."""

from __future__ import annotations

from services.consulting.assessments.model import Assessment
from services.consulting.readings import commands as readings_commands
from services.consulting.readings.model import Reading
from services.consulting.service import SERVICE
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.assessments import assessed, completed, measured, viewer
from tests.support.factories import ALPHA, STAFF, days_ago
from tests.support.fixture_types import Client, Site
from tests.support.tokens import Tokens
from tests.support.visitor import Visitor


def test_a_trainer_keeps_a_draft_goes_on_with_it_and_hands_it_in(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        made = assessed(ALPHA, to="open")
        trainer = Visitor(app, "trainer", language="id", trainer=made.trainer_id)
        form, page = f"/assessments/{made.id}/form", f"/assessments/{made.id}"
        assert "Kebersihan dan kerapian" in trainer.read(form)
        trainer.send(f"{page}/draft", shown=form, **{"readings.0.numerator": "30", "notes": "Belum selesai"})
        assert Assessment.get(made.id).draft.readings[0].numerator == 30
        assert "Belum selesai" in trainer.read(form)
        assert "Lanjutkan draf" in trainer.read(page)
        first = {"readings.0.quality": "measured", "readings.0.numerator": "30", "readings.0.denominator": "1.000"}
        trainer.send(form, assessed_on=days_ago(2)[0].isoformat(), **{"practices.2.points": "3"}, **first)
        (defects,) = Reading.objects(indicator="DEFECT")
        assert (defects.current.value, defects.current.period) == (3.0, "month")
        shown = trainer.read(page)
        assert "3 %" in shown
        assert "Belum diisi: Pengiriman tepat waktu" in shown


def test_an_assessment_waits_for_its_trainer_and_no_longer_once_it_is_made(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    made = assessed(ALPHA, to="open")
    headers = {**tokens.headers("trainer", trainer=made.trainer_id), "Accept-Language": "en"}
    caller = client("consulting")
    assert [item["title"] for item in caller.get("/v1/work", headers=headers).json["items"]] == ["Make 1 assessment"]
    completed(made)
    assert caller.get("/v1/work", headers=headers).json["items"] == []


def test_a_refused_form_comes_back_with_its_figures_and_names_the_box(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        made = assessed(ALPHA, to="open")
        trainer = Visitor(app, "trainer", language="en", trainer=made.trainer_id)
        form = f"/assessments/{made.id}/form"
        sent = {
            "readings.3.quality": "measured",
            "readings.0.numerator": "12",
            "assessed_on": days_ago(2)[0].isoformat(),
        }
        refused = trainer.send(form, status=422, **sent)
        assert 'value="12"' in refused
        assert 'id="readings-3-numerator-error"' in refused
        assert 'id="readings-0-quality-error"' in refused


def test_the_page_of_readings_shows_a_chart_and_its_table(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        made = assessed(ALPHA, measured("DEFECT", 80, 1000))
        assessed(ALPHA, measured("DEFECT", 60, 1000), kind="endline", enterprise_id=made.enterprise_id)
        owner = Visitor(app, "enterprise", language="en", enterprise=made.enterprise_id)
        page = f"/readings/{made.enterprise_id}"
        assert 'class="chart"' in owner.client.get(page).text
        assert "-2 percentage points (-25%)" in owner.read(page).replace("\N{MINUS SIGN}", "-")
        stranger = Visitor(app, "enterprise", language="en", enterprise=factories.known_enterprise(ALPHA))
        stranger.read(page, status=404)


def test_an_enterprise_releases_its_readings_and_takes_that_back(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        made, chosen = assessed(ALPHA, measured("DEFECT", 80, 1000)), viewer(name="Dinas Contoh")
        owner = Visitor(app, "enterprise", language="en", enterprise=made.enterprise_id)
        office = Visitor(app, "ministry", language="en", institution=chosen)
        page = f"/readings/{made.enterprise_id}"
        office.read(page, status=404)
        owner.send(f"{page}/release", viewer_id=str(chosen))
        assert "Defects" in office.read(page)
        assert "Dinas Contoh" in owner.read(f"{page}/release")
        owner.send(f"{page}/release/{chosen}/withdrawal", shown=f"{page}/release")
        office.read(page, status=404)


def test_the_page_of_changes_tells_nothing_of_a_few(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        made = assessed(ALPHA, measured("DEFECT", 80, 1000))
        assessed(ALPHA, measured("DEFECT", 60, 1000), kind="endline", enterprise_id=made.enterprise_id)
        readings_commands.commit_enterprise(made.enterprise_id)
        donor = Visitor(app, "donor", language="en")
        assert "Defects fewer than 5" in donor.read("/changes")


def test_readings_are_entered_for_a_reported_visit(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        visit = factories.visit(ALPHA, to="reported")
        trainer = Visitor(app, "trainer", language="en", trainer=visit.trainer_id)
        assert "Enter readings" in trainer.read(f"/visits/{visit.id}")
        sent = {"readings.0.quality": "estimated", "readings.0.numerator": "5", "readings.0.denominator": "100"}
        trainer.send(f"/visits/{visit.id}/readings", **sent)
        assert [reading.current.quality for reading in Reading.objects] == ["estimated"]
