"""Enrollment's pages in a real browser: accessible and never wider than a phone, in both languages."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.participation import commands as participation_commands
from services.enrollment.people import commands as people_commands
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.service import SERVICE
from shared.web.pages.sign_in.sample_people import SamplePerson, token_for
from tests.support.browser import scrolls_sideways, served, violations
from tests.support.office import LETTER, SIGN_UP, TODAY, TWO, Office, enrolled_place, key_of

FILL = (
    "values => Object.entries(values).forEach(([name, value]) => {document.getElementsByName(name)[0].value = value})"
)
pytestmark = pytest.mark.browser


@pytest.fixture
def places(site):
    """An application, and every kind of page in it with something to show."""
    office = Office(site(SERVICE))
    signed_up, left_out, eligible = (office.sign_up(name, place=name) for name in ("Melati", "Kenanga", "Cempaka"))
    screened = {"screened_on": TODAY}
    participation_commands.screen_enterprise(key_of(left_out), **screened, reasons=["unsafe_site"])
    participation_commands.screen_enterprise(key_of(eligible), **screened, reasons=[])
    committed = office.sign_up("Teratai", place="Teratai")
    participation_commands.screen_enterprise(key_of(committed), **screened, reasons=[])
    letter = participation_commands.upload_commitment_letter(key_of(committed), content=LETTER).id
    participation_commands.commit_enterprise(key_of(committed), signed_on=TODAY, plan=["M1"], letter_id=letter)
    sole = office.sign_up("Kamboja", place="Kamboja", legal_form="perorangan", npwp="3319010101800001")
    people = [{"name": "Bagus", "roles": ["contact", "billing"], "email": "bagus@example.org"}]
    institutions_commands.correct_institution(office.provider, contacts=people)
    person = people_commands.register_participant(
        enterprise_id=UUID(key_of(signed_up)), name="Sulastri", sex="female", role="worker", language="id",
        consent={"purposes": ["training"]},
    ).id  # fmt: skip
    privacy_commands.record_privacy_request(participant_id=person, kind="access")
    training, seated = (
        office.planned(capacity=3),
        [enrolled_place(office, name, place=name) for name in ("Mawar", "Anggrek")],
    )
    for place in seated:
        office.staff.send(f"{training}/rosters", shown=training, enterprise_id=key_of(place), **TWO)
    return office, [
        "/", "/enterprises", "/enterprises/new", signed_up, left_out, eligible, committed,
        f"{signed_up}/correction", f"{signed_up}/people", f"{signed_up}/people/new", f"/people/{person}", "/privacy",
        "/people", f"/people/{person}/correction", f"{signed_up}/merger?kept_id={key_of(committed)}", f"{sole}/tax-number",
        training, f"{training}/plan", f"{training}/rosters/{key_of(seated[0])}/names", f"{training}/attendance/{TODAY}",
        f"{training}/delivery", "/journeys", "/imports", f"/institutions/{office.provider}",
    ]  # fmt: skip


def test_no_page_has_an_accessibility_violation_or_scrolls_sideways(browser, places):
    office, paths = places
    token = token_for(SamplePerson("sari", "Sari", "programme", {}, {}), timedelta(hours=1))
    found = {}
    with served(office.app) as address:
        for language, width in (("id", 360), ("en", 1280)):
            context = browser.new_context(viewport={"width": width, "height": 800})
            cookies = {"score_lang": language, "score_token": token}
            context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
            page = context.new_page()
            for path in paths:
                page.goto(address + path)
                wrong = violations(page) + (["scrolls sideways"] if scrolls_sideways(page) else [])
                found |= {(path, language): wrong} if wrong else {}
            page.goto(f"{address}/enterprises/new")
            again = {**SIGN_UP, "name": "Melati", "place": "Melati", "provider_id": str(office.provider)}
            page.evaluate(FILL, again)
            page.click("main form button[type=submit]")
            expect(page.locator("[name=confirm_distinct]")).to_be_visible()
            found |= {("refused", language): wrong} if (wrong := violations(page)) else {}
            assert not scrolls_sideways(page)
            context.close()
    assert found == {}
