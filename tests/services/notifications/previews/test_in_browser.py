"""The preview of letters in a real browser: accessible, no wider than a phone, its letters drawn with their style."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.notifications.service import SERVICE
from shared.web.pages.sign_in.sample_people import SamplePerson, token_for
from tests.support.browser import scrolls_sideways, served, violations

pytestmark = pytest.mark.browser
PATHS = (
    "/letters/kinds",
    "/letters/kinds/training_invitation/participant",
    "/letters/kinds/certificate_issued/trainer",
)


def test_previews_are_accessible_and_drawn_as_mail(browser, site):
    app, found = site(SERVICE), {}
    token = token_for(SamplePerson("sari", "Sari", "programme", {}, {}), timedelta(hours=1))
    with served(app) as address:
        for language, width in (("id", 360), ("en", 1280)):
            context = browser.new_context(viewport={"width": width, "height": 800})
            cookies = {"score_lang": language, "score_token": token}
            context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
            page = context.new_page()
            for path in PATHS:
                page.goto(address + path)
                wrong = violations(page) + (["scrolls sideways"] if scrolls_sideways(page) else [])
                found |= {(path, language): wrong} if wrong else {}
            mail = page.frames[1]
            mail.wait_for_load_state()
            button = mail.get_by_role("link")
            assert button.count() == 1
            assert button.evaluate("link => getComputedStyle(link.closest('td')).backgroundColor") == "rgb(11, 93, 115)"
            context.close()
    assert found == {}
