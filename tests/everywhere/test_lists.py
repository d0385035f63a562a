"""Every list that people see has its number and its files; where a name belongs, no end of an id stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.kernel.service import ROOT, Service, declared
from shared.web.pages.declare import Page, Pages
from shared.web.pages.list_files import KINDS
from tests.support.visitor import Visitor

SERVICES = declared()
NAMES_OF_LISTS = re.compile(r"found=found, counted=ngettext\(")
END_OF_ID = re.compile(r"…[0-9a-f]{4,12}\b|hex\[-|\[-8:\]|short\(")


def listing_pages() -> Iterator[tuple[Service, Page]]:
    for service in SERVICES:
        for page in Pages.joined(service.pages):
            if page.rows is not None:
                yield service, page


def paginating(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a file that page a list."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "paginate"
            for part in ast.walk(node)
        ):
            yield node.name, node


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_list_says_what_its_file_holds_and_how_many_rows_it_has(service: Service) -> None:
    pages = Pages.joined(service.pages)
    for path in service.folder.glob("*/pages.py"):
        for name, function in paginating(path):
            assert pages[name].rows is not None, f"{path}: {name} pages a list and gives no file of it: rows="
            template = re.search(r'"([a-z_]+\.html)"', ast.unparse(function).replace("'", '"'))
            assert template is not None, name
            words = (path.parent / "templates" / template[1]).read_text()
            assert NAMES_OF_LISTS.search(words), f"{template[1]} does not say how many rows there are"


SEARCHED = {"enterprises", "trainings", "journeys", "institutions", "visits", "invoices"}


def test_lists_of_enterprises_and_trainings_are_searched_by_name() -> None:
    searched = set()
    for service in SERVICES:
        for path in service.folder.glob("*/pages.py"):
            for name, function in paginating(path):
                template = re.search(r'"([a-z_]+\.html)"', ast.unparse(function).replace("'", '"'))
                assert template is not None, name
                asks = "name_search(" in (path.parent / "templates" / template[1]).read_text()
                assert asks == ("by_name=" in ast.unparse(function)), (
                    f"{name}: a box without a search, or the other way"
                )
                searched |= {name} if asks else set()
    assert searched >= SEARCHED


@pytest.mark.parametrize(("service", "page"), list(listing_pages()), ids=lambda part: getattr(part, "name", ""))
def test_whoever_sees_a_list_may_read_its_rows_over_http(service: Service, page: Page) -> None:
    lists = [
        route
        for routes in service.routes
        for route in routes.declared
        if route.listing is not None and type(route.listing.row) is page.rows
    ]
    assert lists, f"no list of {service.name} answers {page.rows}"
    assert any(set(page.permits) <= set(route.permits) for route in lists), page.name
    assert page.personal or not any(route.personal for route in lists), f"{page.name}: reads of it are noted"


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_the_file_of_an_empty_list_has_headings(site, service):
    reader = Visitor(site(service), "programme")
    for page in Pages.joined(service.pages):
        if page.rows is not None and not page.parameters:
            for kind in KINDS:
                answer = reader.client.get(f"{page.path}.{kind}")
                assert answer.status_code == 200, (page.path, kind)
                assert "attachment" in answer.headers["Content-Disposition"]


def test_no_page_shows_the_end_of_an_id() -> None:
    places = [*ROOT.glob("services/*/*/templates/*.html"), *ROOT.glob("shared/i18n/*.py")]
    for name in ("pages", "queries", "labels"):
        places += ROOT.glob(f"services/*/*/{name}.py")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in places
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if END_OF_ID.search(line)
    ]
    assert not found, found
