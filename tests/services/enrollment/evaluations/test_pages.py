"""Participants answer by the link of their letter, without signing in; staff read the figures from five answers on."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from services.enrollment.evaluations.labels import QUESTIONS
from services.enrollment.service import SERVICE
from services.enrollment.trainings.model import Training
from shared.kernel.settings.current import settings
from shared.storage import connection
from tests.support.browser import scrolls_sideways, served, violations
from tests.support.evaluations import present, seated
from tests.support.office import Office, enrolled_place, key_of
from tests.support.tokens import Tokens, signed_link
from tests.support.visitor import Visitor

MARKS = {f"marks.{code}": "4" for code in QUESTIONS}


@pytest.fixture
def office(site, embedded, tmp_path):
    embedded.setenv("SCORE_LINK_KEYS_URL", Tokens(tmp_path).jwks.as_uri())
    settings.cache_clear()
    return Office(site(SERVICE))


@pytest.fixture
def delivered(office):
    """The address of a delivered training; `office.people` were there."""
    place, training = enrolled_place(office), office.planned()
    office.people = seated(UUID(key_of(training)), UUID(key_of(place)), 6)
    present(Training.get(UUID(key_of(training))), office.people)
    return training


class Participant(Visitor):
    """Somebody without an account."""

    def __init__(self, app, language="en"):
        self.client = app.test_client()
        self.client.set_cookie("score_lang", language, domain="localhost")


def address(office, training, number=0, **more):
    return f"/evaluations/{signed_link(office.people[number], UUID(key_of(training)), **more)}"


def test_a_link_is_answered_once_and_then_says_so(office, delivered):
    path, person = address(office, delivered), Participant(office.app)
    assert "Overall, how satisfied are you?" in person.read(path)
    stale = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', person.client.get(path).text))
    incomplete = person.send(path, status=422, **{name: mark for name, mark in MARKS.items() if "content" not in name})
    assert "Was the content clear?" in incomplete
    thanks = person.send(path, **MARKS)
    assert "Thank you" in person.read(thanks)
    assert signed_part(path) not in thanks
    assert "You have answered already" in person.read(path, 410)
    again = person.client.post(path, data={**stale, **MARKS})
    assert (again.status_code, "You have answered already" in again.text) == (409, True)
    assert len(connection.database()["evaluations"].find_one({"_id": UUID(key_of(delivered))})["waiting"]) == 1


def signed_part(path):
    return path.rpartition("/")[2]


def test_nothing_is_kept_of_a_visit_beside_the_answer(office, delivered):
    before = {row["_id"] for row in connection.database()["idempotency"].find({})}
    path = address(office, delivered)
    Participant(office.app).send(path, **MARKS, _once="a mark that a browser made up")
    assert {row["_id"] for row in connection.database()["idempotency"].find({})} == before
    assert signed_part(path) not in str(list(connection.database()["access_log"].find({})))


def test_a_link_that_opens_nothing_says_why(office, delivered):
    planned, person = office.planned(), Participant(office.app)
    assert "This link has expired" in person.read(address(office, delivered, seconds=-60), 410)
    assert "This link is not valid" in person.read("/evaluations/a.b.c", 404)
    assert "This link is not valid" in person.read(address(office, delivered, purpose="consent"), 404)
    assert "Answers are not taken now" in person.read(address(office, planned), 409)
    assert "Tautan ini sudah kedaluwarsa" in Participant(office.app, "id").read(
        address(office, delivered, seconds=-60), 410
    )


def test_figures_appear_on_the_trainings_page_from_the_fifth_answer(office, delivered):
    for number in range(5):
        assert "per cent are satisfied" not in office.staff.read(delivered)
        person = Participant(office.app)
        person.send(address(office, delivered, number), **MARKS | {"marks.overall": "5" if number else "1"})
    words = office.staff.read(delivered)
    assert "5 answers. 80 per cent are satisfied." in words
    assert "Overall, how satisfied are you? 4.2" in words
    (roster,) = Training.get(UUID(key_of(delivered))).rosters
    owner = Visitor(office.app, "enterprise", enterprise=roster.enterprise_id)
    assert "What participants think" not in owner.read(delivered)


@pytest.mark.browser
def test_a_phone_without_javascript_answers(office, delivered, browser):
    found = {}
    with served(office.app) as base:
        for number, (language, width) in enumerate((("id", 360), ("en", 1280))):
            context = browser.new_context(viewport={"width": width, "height": 800})
            context.add_cookies([{"name": "score_lang", "value": language, "url": base}])
            page, path = context.new_page(), address(office, delivered, number)
            page.goto(base + path)
            found["form", language] = [*violations(page), *(["sideways"] if scrolls_sideways(page) else [])]
            context.close()
            plain = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
            page = plain.new_page()
            page.goto(base + path)
            for code in QUESTIONS:
                page.check(f"[name='marks.{code}'][value='4']")
            page.click("main form button[type=submit]")
            page.wait_for_url("**/evaluations/thanks")
            plain.close()
    assert not any(found.values()), found
