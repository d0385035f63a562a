"""Whoever holds the link of a letter chooses letters without signing in; whatever only reads the address changes nothing."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from services.notifications.letters.model import CHOSEN, Letter
from services.notifications.preferences.commands import choose_letters
from services.notifications.preferences.queries import preference_of
from services.notifications.preferences.topics import TOPICS
from services.notifications.recipients.commands import forget_recipient
from services.notifications.sending import jobs
from services.notifications.service import SERVICE
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from shared.messaging import parties
from shared.storage import connection
from shared.storage.transaction import transactional
from tests.support import factories
from tests.support.browser import scrolls_sideways, served, violations
from tests.support.factories import ALPHA
from tests.support.letters import state_of
from tests.support.mail_relay import Relay
from tests.support.tokens import Tokens, signed_link
from tests.support.visitor import Visitor


class Holder(Visitor):
    """Whoever holds a link, with no account and no cookie."""

    def __init__(self, app: Any, language: str = "en") -> None:
        self.client = app.test_client()
        self.client.set_cookie("score_lang", language, domain="localhost")


@pytest.fixture
def app(site: Any, embedded: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    embedded.setenv("SCORE_LINK_KEYS_URL", Tokens(tmp_path).jwks.as_uri())
    settings.cache_clear()
    return site(SERVICE)


@pytest.fixture
def somebody() -> UUID:
    return ids.new()


def path_of(somebody: UUID, **more: Any) -> str:
    return f"/preferences/{signed_link(somebody, somebody, purpose='unsubscribe', **more)}"


def refused(somebody: UUID) -> set[str]:
    with acting_as(SYSTEM):
        chosen = preference_of(somebody)
    return set(chosen.refused_topics) if chosen else set()


def test_reading_the_address_shows_the_page_and_changes_nothing(app: Any, somebody: UUID) -> None:
    holder, path = Holder(app), path_of(somebody)
    for method in ("GET", "HEAD"):
        assert holder.client.open(path, method=method).status_code == 200
        led = holder.client.open(path.replace("/preferences/", "/v1/unsubscriptions/"), method=method)
        assert (led.status_code, led.headers["Location"]) == (303, path)
    page = holder.client.get(path)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    with acting_as(SYSTEM):
        assert preference_of(somebody) is None


def test_a_choice_is_kept_by_topic_and_can_be_taken_back(app: Any, somebody: UUID) -> None:
    holder, path = Holder(app), path_of(somebody)
    holder.send(path, topics=["trainings"], language="en")
    assert refused(somebody) == {"evaluations", "results"}
    assert holder.client.get(path).text.count(" checked") == 1
    holder.send(path, topics=list(TOPICS), language="")
    assert refused(somebody) == set()


def test_nothing_ticked_is_as_one_click_and_ends_with_a_tick(app: Any, somebody: UUID) -> None:
    holder, path = Holder(app), path_of(somebody)
    holder.send(path)
    with acting_as(SYSTEM):
        assert preference_of(somebody).opted_out_at is not None  # type: ignore[union-attr]
    assert refused(somebody) == set(TOPICS)
    holder.send(path, topics=["results"])
    assert refused(somebody) == {"trainings", "evaluations"}


@pytest.mark.parametrize(
    ("language", "expired", "invalid"),
    [
        ("id", "Tautan ini sudah kedaluwarsa", "Tautan ini tidak berlaku"),
        ("en", "This link has expired", "This link is not valid"),
    ],
)
def test_a_link_that_ended_says_so_in_both_languages(
    app: Any, somebody: UUID, language: str, expired: str, invalid: str
) -> None:
    holder = Holder(app)
    old = holder.client.get(f"{path_of(somebody, seconds=-5)}?lang={language}")
    wrong = holder.client.get(f"{path_of(somebody)[:-4]}AAAA?lang={language}")
    assert (old.status_code, wrong.status_code) == (410, 404)
    assert expired in old.get_data(as_text=True)
    assert invalid in wrong.get_data(as_text=True)


def test_a_link_for_something_else_opens_nothing(app: Any, somebody: UUID) -> None:
    signed = signed_link(somebody, somebody, purpose="evaluation")
    holder = Holder(app)
    assert holder.client.get(f"/preferences/{signed}").status_code == 404
    token = re.findall(r'name="_csrf" value="([^"]*)"', holder.client.get(path_of(somebody)).text)[0]
    assert holder.client.post(f"/preferences/{signed}", data={"_csrf": token}).status_code in (404, 422)
    assert refused(somebody) == set()


def test_nothing_is_kept_of_whoever_was_erased(app: Any, somebody: UUID) -> None:
    with acting_as(SYSTEM):
        factories.party(somebody)
        transactional(parties.forget)(somebody)
        forget_recipient(somebody)
    holder = Holder(app)
    assert holder.client.get(path_of(somebody)).status_code == 404
    token = re.findall(r'name="_csrf" value="([^"]*)"', holder.client.get(path_of(ids.new())).text)[0]
    assert holder.client.post(path_of(somebody), data={"_csrf": token}).status_code == 404
    with acting_as(SYSTEM):
        assert preference_of(somebody) is None


def test_a_refused_topic_goes_unwritten_and_no_other(relay: Relay) -> None:
    recipient = ids.new()
    factories.party(recipient, name="Ratna")
    about = {"module": "M1", "days": ["2026-12-01"], "previous_days": ["2026-11-30"], "zone": "Asia/Jakarta"}
    asked = {"module": "M1", "training_id": str(ids.new()), "delivered_on": "2026-11-30"}
    wanted, unwanted, must = (factories.letter(ALPHA, recipient=recipient) for _ in range(3))
    for letter, template, words in ((wanted, "training_moved", about), (unwanted, "evaluation", asked)):
        connection.database()["letters"].update_one(
            {"_id": letter.id}, {"$set": {"template": template, "about": words}}
        )
    choose_letters(recipient, topics=["trainings", "results"])
    jobs.send_due()
    assert [state_of(letter) for letter in (wanted, unwanted, must)] == ["sent", "suppressed", "sent"]
    assert Letter.get(unwanted.id).reason == CHOSEN


def test_letters_come_in_the_language_that_was_chosen(relay: Relay) -> None:
    recipient = ids.new()
    factories.party(recipient, name="Ratna")
    choose_letters(recipient, topics=["trainings"], language="en")
    factories.letter(ALPHA, recipient=recipient)
    jobs.send_due()
    assert [mail["Content-Language"] for mail in relay.mails] == ["en"]


@pytest.mark.browser
def test_the_page_fits_a_phone_and_is_usable_by_all(app: Any, somebody: UUID, browser: Any) -> None:
    found: dict[str, list[str]] = {}
    with served(app) as base:
        for language in ("id", "en"):
            page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
            page.goto(f"{base}{path_of(somebody)}?lang={language}")
            found[language] = [*violations(page), *(["sideways"] if scrolls_sideways(page) else [])]
            page.context.close()
    assert not any(found.values()), found
