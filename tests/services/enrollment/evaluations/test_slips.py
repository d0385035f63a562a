"""Those who get no letter answer by slips of paper: as many as they are, each once, and nobody's."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from services.enrollment.evaluations.labels import QUESTIONS
from services.enrollment.evaluations.model import Evaluation
from services.enrollment.evaluations.slips import Slip
from services.enrollment.people.consent import CURRENT_TEXT, entries_for
from services.enrollment.people.model import Participant
from services.enrollment.service import SERVICE
from services.enrollment.trainings.model import Training
from shared.kernel import clock
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.storage.transaction import transactional
from tests.support.browser import scrolls_sideways, served, violations
from tests.support.evaluations import present, seated
from tests.support.factories import BETA
from tests.support.office import TODAY, Office, enrolled_place, key_of
from tests.support.tokens import Tokens, signed_link
from tests.support.visitor import Visitor

MARKS = {f"marks.{code}": "4" for code in QUESTIONS}
CODE = re.compile(r"/evaluations/slips/([a-z2-9-]{19})<")


class Holder(Visitor):
    """Somebody with a slip in their hand."""

    def __init__(self, app, language="en"):
        self.client = app.test_client()
        self.client.set_cookie("score_lang", language, domain="localhost")


@pytest.fixture
def office(site, embedded, tmp_path):
    embedded.setenv("SCORE_LINK_KEYS_URL", Tokens(tmp_path).jwks.as_uri())
    settings.cache_clear()
    return Office(site(SERVICE))


@transactional
def with_address(person_id: UUID, email: str | None, *purposes: str) -> None:
    person = Participant.get(person_id)
    person.email = email
    person.consents = entries_for(
        purposes, text_version=CURRENT_TEXT, given_by="person", given_on=TODAY, by=person_id, at=clock.now()
    )
    person.save()


@pytest.fixture
def delivered(office):
    """A delivered training of eight people, of whom three have an e-mail address and two consent to be written to."""
    place, training = enrolled_place(office), office.planned()
    office.people = seated(UUID(key_of(training)), UUID(key_of(place)), 8)
    for number, person in enumerate(office.people):
        with_address(person, f"orang{number}@example.org" if number < 3 else None, *(["contact"] if number < 2 else []))
    present(Training.get(UUID(key_of(training))), office.people)
    return training


def printed(office, training):
    page = office.staff.send(f"{training}/slips", status=200)
    return CODE.findall(page)


def test_there_is_a_slip_for_everyone_without_a_letter_and_no_more(office, delivered):
    codes = printed(office, delivered)
    assert len(codes) == len(set(codes)) == 6
    first, *others = codes
    Holder(office.app).send(f"/evaluations/slips/{first}", **MARKS)
    again = printed(office, delivered)
    assert len(again) == 5, "who answered gets no second one"
    holder = Holder(office.app)
    assert "opens nothing" in holder.read(f"/evaluations/slips/{others[0]}", 410), "a newer one ends those before"
    for code in again:
        Holder(office.app).send(f"/evaluations/slips/{code.upper()}", **MARKS)
    assert "or has answered by a slip" in office.staff.read(f"{delivered}/slips")
    evaluation = Evaluation.get(UUID(key_of(delivered)))
    assert (len(evaluation.answers) + len(evaluation.waiting), evaluation.on_paper) == (6, 6)
    assert Slip.objects.count() == 0


def test_reading_a_slip_changes_nothing_and_it_works_once(office, delivered):
    code, *_ = printed(office, delivered)
    path, holder = f"/evaluations/slips/{code}", Holder(office.app)
    for method in ("GET", "HEAD", "GET"):
        answer = holder.client.open(path, method=method)
        assert (answer.status_code, answer.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert Evaluation.objects.count() == 0
    stale = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', holder.client.get(path).text))
    holder.send(path, **MARKS)
    assert holder.client.post(path, data={**stale, **MARKS}).status_code in (404, 410)
    for language, words in (("id", "tidak membuka apa pun"), ("en", "opens nothing")):
        assert words in Holder(office.app, language).read(path, 410)
    assert Evaluation.get(UUID(key_of(delivered))).on_paper == 1


def test_a_link_and_a_slip_answer_one_evaluation(office, delivered):
    signed = signed_link(office.people[0], UUID(key_of(delivered)))
    Holder(office.app).send(f"/evaluations/{signed}", **MARKS)
    assert len(printed(office, delivered)) == 6, "a letter's answer takes nobody's slip"
    with_address(office.people[0], None)
    assert len(printed(office, delivered)) == 6, "nor gives one to somebody whose address is gone since"


def test_nothing_that_is_stored_joins_a_slip_to_a_person_or_an_answer(office, delivered):
    codes = printed(office, delivered)
    Holder(office.app).send(f"/evaluations/slips/{codes[0]}", **MARKS)
    kept = list(connection.database()["evaluation_slips"].find({}))
    assert {frozenset(row) for row in kept} == {frozenset({"_id", "training_id"})}
    everything = str(
        [list(connection.database()[name].find({})) for name in connection.database().list_collection_names()]
    )
    assert not any(code in everything for code in codes)


def test_slips_are_printed_by_who_may_see_the_training_and_after_it(office, delivered):
    other = Visitor(office.app, "provider", institution=BETA)
    assert other.client.get(f"{delivered}/slips").status_code == 404
    assert Visitor(office.app, "auditor").client.get(f"{delivered}/slips").status_code == 403
    planned = office.planned()
    assert "when the attendance is entered" in office.staff.read(f"{planned}/slips")


@pytest.mark.browser
def test_slips_fit_a_phone_and_paper_and_are_usable_by_all(office, delivered, browser):
    found, codes = {}, printed(office, delivered)
    with served(office.app) as base:
        for language in ("id", "en"):
            context = browser.new_context(viewport={"width": 360, "height": 800})
            context.add_cookies(
                [
                    {"name": "score_lang", "value": language, "url": base},
                    {
                        "name": "score_token",
                        "value": office.staff.client.get_cookie("score_token").value,
                        "url": base,
                    },
                ]
            )
            page = context.new_page()
            page.goto(f"{base}/evaluations/slips/{codes[0]}")
            found["answer", language] = [*violations(page), *(["sideways"] if scrolls_sideways(page) else [])]
            page.goto(f"{base}{delivered}/slips")
            found["before", language] = [*violations(page), *(["sideways"] if scrolls_sideways(page) else [])]
            page.click("main form button[type=submit]")
            page.wait_for_selector(".slip")
            found["slips", language] = [*violations(page), *(["sideways"] if scrolls_sideways(page) else [])]
            codes = CODE.findall(page.content())
            page.emulate_media(media="print")
            context.close()
    assert not any(found.values()), found
