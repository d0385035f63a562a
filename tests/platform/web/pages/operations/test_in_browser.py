"""The operations page in a real browser: accessible, at 360 px, without JavaScript, and with topics that load by themselves."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import expect

from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.storage import connection
from tests.support import toy
from tests.support.applications import app_for
from tests.support.browser import scrolls_sideways, violations
from tests.support.operated_toy import GROUP, REACTION, SERVICE, history, records

pytestmark = pytest.mark.browser


@pytest.fixture
def app(embedded, store, broker):
    store(SERVICE)
    with acting_as(SYSTEM):
        yield app_for(SERVICE)
    REACTION.does = "works"


@pytest.fixture
def parked(app):
    """The address of a failed record's page; two more queue behind it."""
    REACTION.does = "fails"
    key = history(4)
    REACTION.deliver(records(key))
    return f"/operations/parked/{GROUP}/{toy.TOPIC}/{key}/2"


@pytest.mark.parametrize(("width", "language", "scheme"), [(360, "id", "light"), (1280, "en", "dark")])
def test_no_operations_page_has_an_accessibility_violation_or_scrolls_sideways(  # noqa: PLR0917 - fixtures
    visit, address, parked, width, language, scheme
):
    key = UUID(parked.split("/")[-2])
    page = visit("/operations", width=width, language=language, color_scheme=scheme)
    expect(page.locator("#topics table").first).to_be_visible()
    found, wide = {"/operations": violations(page)}, scrolls_sideways(page)
    for path in (
        parked,
        "/operations/topics",
        "/operations/again",
        f"/operations/again?what=facts&key={key}",
        "/operations/again?what=facts&key=7",
        f"/operations/story?correlation={_correlation(key)}",
        "/operations?reason=discarded",
    ):
        page.goto(address + path)
        found[path] = violations(page)
        wide = wide or scrolls_sideways(page)
    assert {path: what for path, what in found.items() if what} == {}
    assert not wide
    assert page.errors == []


def _correlation(key):
    return connection.database()["outbox"].find_one({"key": key})["correlation_id"]


def test_a_record_is_given_up_without_javascript(visit, address, parked):
    page = visit("/operations", width=360, language="en", java_script_enabled=False)
    page.click(f'a[href="{parked}"]')
    page.click(".confirmation summary")
    page.click(".confirmation button[type=submit]")
    expect(page.locator(".confirmation .summary")).to_contain_text("This is required.")
    assert not scrolls_sideways(page)
    page.fill(".confirmation textarea", "data of a rehearsal")
    page.click(".confirmation button[type=submit]")
    expect(page.locator(".notice.good")).to_contain_text("The record is given up")
    assert page.url == address + parked
    page.goto(f"{address}/operations")
    page.click("#topics a")
    expect(page.locator("main h1")).to_have_text("Topics and positions")
