"""The bar leads every role to pages that open, the same on every page of every service."""

from __future__ import annotations

import re

import pytest

from shared.access.permissions import ROLES
from shared.i18n.languages import LANGUAGES
from shared.kernel import ids
from shared.kernel.service import declared
from shared.web.pages.bar.bar import EXTENSION
from shared.web.pages.bar.platform_map import KnownPage, KnownSection, PlatformMap, written_map
from tests.support.visitor import Visitor

SERVICES = declared()
BOUND = {
    "provider": "institution",
    "finance": "institution",
    "trainer": "trainer",
    "enterprise": "enterprise",
    "sponsor": "sponsor",
}
LINK = re.compile(r'<a href="([^"]+)"')


def somebody(app, role):
    claims = {BOUND[role]: ids.new()} if role in BOUND else {}
    return Visitor(app, role, language="en", **claims)


def bar_of(html: str, name: str) -> list[str]:
    part = html.partition(f'<nav class="{name}"')[2].partition("</nav>")[0]
    return LINK.findall(part)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_what_the_bar_offers_here_opens_for_every_role(site, service):
    app = site(service)
    for role in sorted(ROLES):
        visitor = somebody(app, role)
        front = visitor.client.get("/", headers={"Accept": "text/html"})
        assert front.status_code == 200
        everywhere = [*bar_of(front.text, "sections"), *bar_of(front.text, "aside")]
        assert everywhere, f"{role} is offered nothing"
        own = {address for address in everywhere if address.startswith("/")}
        for address in own:
            assert visitor.client.get(address).status_code == 200, (role, address)
            shown = visitor.client.get(address).text
            assert bar_of(shown, "sections") == bar_of(front.text, "sections"), (role, address)
            for near in bar_of(shown, "local"):
                assert not near.startswith("/") or visitor.client.get(near).status_code == 200, (role, near)


def test_a_section_without_a_page_for_the_visitor_alone_is_none(site):
    app = site(next(service for service in SERVICES if service.name == "finance"))
    known = app.extensions[EXTENSION]
    titles = dict.fromkeys(LANGUAGES, "Open to everybody")
    page = KnownPage("finance", "everybody", "/everybody", titles, frozenset(), section="open", place=1)
    section = KnownSection("open", dict.fromkeys(LANGUAGES, "Nobody's section"), place=99)
    app.extensions[EXTENSION] = PlatformMap((*known.sections, section), (*known.pages, page))
    programme, stranger = somebody(app, "programme"), app.test_client().get("/", headers={"Accept": "text/html"}).text
    work = programme.client.get("/", headers={"Accept": "text/html"}).text
    assert "/everybody" in LINK.findall(stranger)
    assert bar_of(work, "sections")
    assert not {"/everybody"} & {*LINK.findall(work)}
    assert "Nobody" not in work


def test_every_service_of_the_bar_has_a_page_for_the_role_it_is_offered_to():
    known = written_map()
    assert known.keys() == {service.name for service in SERVICES if service.pages}
    sections = {section["name"] for part in known.values() for section in part["sections"]}
    pages = [page for part in known.values() for page in part["pages"]]
    assert {page["section"] for page in pages} - {""} == sections, (
        "each section has pages, each page a declared section"
    )
    for role in ROLES:
        assert any(page["section"] and role in page["roles"] for page in pages), f"{role} has nowhere to go"


def test_a_service_that_is_away_is_said_to_be_away(site):
    words = Visitor(site(next(service for service in SERVICES if service.name == "finance")), "programme").work()
    assert "Enrollment does not answer" in words
    assert "Begin with the prices" in words, "the own part is complete"


def test_nobody_is_told_that_nothing_waits_while_a_service_is_away(site):
    words = somebody(site(next(service for service in SERVICES if service.name == "finance")), "enterprise").work()
    assert "Enrollment does not answer" in words
    assert "Nothing waits for you" not in words
