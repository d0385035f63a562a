"""The design in a real browser: accessible in both languages and schemes, at 360 px, by keyboard, without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser import scrolls_sideways, violations

pytestmark = pytest.mark.browser

PAGES = [
    "/enterprises",
    "/enterprises/4",
    "/enterprises/new",
    "/empty",
    "/sponsors-only",
    "/signin",
    "/verify/SC-1",
    "/enterprises?province=ID-PA",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_no_page_has_an_accessibility_violation(visit, address, language, scheme):
    found = {}
    width = 360 if (language, scheme) in (("id", "light"), ("en", "dark")) else 1280
    page = visit(PAGES[0], language=language, color_scheme=scheme, width=width)
    for path in PAGES:
        page.goto(address + path)
        found[path] = violations(page)
    assert {path: what for path, what in found.items() if what} == {}
    assert page.errors == []


@pytest.mark.parametrize("width", [320, 360, 640, 1024])
def test_no_page_scrolls_sideways(visit, address, width):
    page = visit(PAGES[0], width=width)
    wide = []
    for path in PAGES:
        page.goto(address + path)
        wide += [path] if scrolls_sideways(page) else []
    assert wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_refused_form_is_accessible_and_says_so_first(visit, scheme):
    page = visit("/enterprises/new", width=360, color_scheme=scheme)
    page.click("main form button[type=submit]")
    expect(page.locator(".summary")).to_be_focused()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.click(".summary a >> nth=0")
    assert page.evaluate("location.hash") == "#name"


def test_the_keyboard_reaches_everything_in_order(visit):
    page = visit("/enterprises")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0"), "the skip link shows itself"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Register an enterprise"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "focus is visible"
    page.reload()
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "(() => {const r = document.activeElement.getBoundingClientRect(); return [r.width, r.height]})()"
            )
        )
    assert all(width > 0 and height > 0 for width, height in seen), "nothing invisible takes the focus"


def test_the_menu_opens_and_closes_by_keyboard(visit):
    page = visit("/enterprises", width=360)
    assert not page.is_visible("#menu")
    page.focus(".menu-button")
    page.keyboard.press("Enter")
    assert page.is_visible("#menu")
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.is_visible("#menu")


def test_targets_are_large_enough(visit):
    page = visit("/enterprises", width=360)
    small = page.evaluate(
        "[...document.querySelectorAll('button, .button, input:not([type=hidden]), select, nav a')]"
        ".filter(e => e.checkVisibility()).map(e => [e.outerHTML, e.getBoundingClientRect().height]).filter(([, h]) => h < 44)"
    )
    assert small == []


def test_everything_works_without_javascript(visit, address):
    page = visit("/signin?next=/enterprises", person=None, java_script_enabled=False)
    page.click("button[value=sari]")
    page.wait_for_url(f"{address}/enterprises")
    page.select_option("[name=province]", "ID-BA")
    page.click(".filters button")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.goto(f"{address}/enterprises/4")
    page.click(".confirmation summary")
    page.fill(".confirmation textarea", "tutup")
    page.click(".confirmation button[type=submit]")
    expect(page.locator(".confirmation .summary")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    page.click(".menu-button")
    page.click(".account button")
    page.wait_for_url(f"{address}/signin")


def test_with_javascript_the_list_follows_the_filter(visit, address):
    page = visit("/enterprises")
    page.evaluate("document.body.dataset.kept = 'yes'")
    page.focus("[name=province]")
    page.select_option("[name=province]", "ID-BA")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.evaluate("document.body.dataset.kept") == "yes", "the page was not loaded again"
    assert page.evaluate("document.activeElement.name") == "province", "the focus stayed"
    assert "province=ID-BA" in page.url
    expect(page.locator("#list-news")).to_have_text("1 baris ditampilkan")
    assert page.locator("#list").count() == 1
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(4)
    assert page.errors == []


def test_a_phone_shows_the_list_first_and_its_filters_when_they_are_asked_for(visit):
    page = visit("/enterprises", width=360)
    assert not page.is_visible(".filters")
    page.click(".filter-box summary")
    page.select_option("[name=province]", "ID-BA")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.is_visible(".filters")
    page.reload()
    assert page.is_visible(".filters"), "what is filtered shows by what"
    page.goto(page.url.partition("?")[0])
    assert not page.is_visible(".filters")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".filters")).to_be_visible()
    assert not page.is_visible(".filter-box summary")
    assert page.errors == []


def test_paper_shows_the_table_and_no_controls(visit):
    page = visit("/enterprises")
    page.emulate_media(media="print")
    assert page.is_visible("table")
    assert not page.is_visible(".filters")
    assert not page.is_visible(".account")
