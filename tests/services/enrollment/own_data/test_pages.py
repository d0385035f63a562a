"""Somebody sees what is kept of them and gives or withdraws consent by a link; whatever only reads it changes nothing."""

from __future__ import annotations

import re

import pytest

from services.enrollment.people.model import Participant
from services.enrollment.privacy.commands import erase_participant
from services.enrollment.service import SERVICE
from shared.kernel import ids
from shared.kernel.settings.current import settings
from tests.support import factories
from tests.support.browser import scrolls_sideways, served, violations
from tests.support.factories import ALPHA
from tests.support.tokens import Tokens, signed_link
from tests.support.visitor import Visitor


class Holder(Visitor):
    """Somebody without an account."""

    def __init__(self, app, language="en"):
        self.client = app.test_client()
        self.client.set_cookie("score_lang", language, domain="localhost")


@pytest.fixture
def app(site, embedded, tmp_path):
    embedded.setenv("SCORE_LINK_KEYS_URL", Tokens(tmp_path).jwks.as_uri())
    settings.cache_clear()
    return site(SERVICE)


@pytest.fixture
def person(app):
    factories.institution(ALPHA)
    return factories.person(factories.enterprise(ALPHA).id, "Sekar Contoh")


def path_of(person, **more):
    return f"/my-data/{signed_link(person.id, person.id, **{'purpose': 'own-data', **more})}"


def purposes(person):
    return set(Participant.get(person.id).purposes)


def test_the_page_shows_what_is_kept_and_reading_it_changes_nothing(app, person):
    before, holder = Participant.get(person.id).version, Holder(app)
    shown = holder.read(path_of(person))
    assert "Sekar Contoh" in shown
    assert "Who opened these data" in shown
    for method in ("GET", "HEAD"):
        answer = holder.client.open(path_of(person), method=method)
        assert (answer.status_code, answer.headers["Referrer-Policy"]) == (200, "no-referrer")
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store"
    assert Participant.get(person.id).version == before


def test_consent_is_given_and_withdrawn_by_the_person(app, person):
    holder, path = Holder(app), path_of(person)
    holder.send(path, purposes=["training", "contact"])
    assert purposes(person) == {"training", "contact"}
    holder.send(path, purposes=["training"])
    assert purposes(person) == {"training"}
    entries = Participant.get(person.id).consents
    by_person = {ids.derived("principal", "link", str(person.id))}
    assert {entry.withdrawn_by for entry in entries if entry.withdrawn_at and entry.purpose == "contact"} == by_person
    holder.send(path)
    assert purposes(person) == set()


def test_nobody_sees_another_one_and_a_link_for_something_else_opens_nothing(app, person):
    other = factories.person(factories.enterprise(ALPHA, "Kayu Lain").id, "Wulan Contoh")
    assert "Wulan" not in Holder(app).read(path_of(person))
    assert "Sekar" not in Holder(app).read(path_of(other))
    wrong = path_of(person, purpose="evaluation")
    assert Holder(app).client.get(wrong).status_code == 404
    holder = Holder(app)
    token = re.findall(r'name="_csrf" value="([^"]*)"', holder.client.get(path_of(other)).text)[0]
    before = purposes(person)
    assert holder.client.post(wrong, data={"_csrf": token}).status_code in (404, 422)
    assert purposes(person) == before


@pytest.mark.parametrize(
    ("language", "expired", "invalid"),
    [("id", "sudah kedaluwarsa", "tidak berlaku"), ("en", "has expired", "is not valid")],
)
def test_a_link_that_ended_says_so_in_both_languages(app, person, language, expired, invalid):
    assert expired in Holder(app, language).read(path_of(person, seconds=-5), 410)
    assert invalid in Holder(app, language).read(f"{path_of(person)[:-4]}AAAA", 404)
    path = path_of(person)
    erase_participant(person.id)
    assert invalid in Holder(app, language).read(path, 404)


@pytest.mark.browser
def test_the_page_fits_a_phone_and_is_usable_by_all(app, person, browser):
    found = {}
    with served(app) as base:
        for language in ("id", "en"):
            page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
            page.goto(f"{base}{path_of(person)}?lang={language}")
            found[language] = [*violations(page), *(["sideways"] if scrolls_sideways(page) else [])]
            page.context.close()
    assert not any(found.values()), found
