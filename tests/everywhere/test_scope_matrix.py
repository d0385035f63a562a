"""Every cell of the scope matrix (docs/scope-matrix.md) on the real store.

An id of another institution is answered word for word as one that does not exist, wherever it stands, and nothing changes.
An operation that the declarations add is tried by itself; what they cannot say it needs stands in `tests/support`: a thing
of each institution (`owned_things.py`), a good request (`good_requests.py`), a row of a sheet (`ROWS` below).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from docs.scope_matrix import PLACES, TRIED, Cell, Place, pages, whole
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.people.model import Participant
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.web.api.route import Route
from shared.web.lists.pagination import Cursor
from tests.support.declared_operations import SERVICES, UNKNOWN, path_of
from tests.support.engines import clean, environment
from tests.support.factories import ALPHA, BETA, STAFF
from tests.support.fingerprint import fingerprint
from tests.support.fixture_types import Client
from tests.support.import_sheets import counts, upload, worked
from tests.support.owned_things import UNKNOWN_NIB, told_by_others
from tests.support.scope_trials import (
    Sides,
    bindings,
    callers,
    filled_in,
    headers_of,
    order_for,
    paths,
    read,
    sent_to,
    shown,
    signed_in,
    told,
    trainer_of,
    with_id,
)
from tests.support.tokens import Tokens

READ: tuple[Place, ...] = ("filter", "query", "export")
ROWS: Mapping[str, dict[str, str]] = {
    "import_participants": {
        "name": "Wulan", "sex": "female", "role": "manager", "consent.purposes": "training",
    },
    "import_enterprises": {
        "name": "Kayu Contoh", "legal_form": "CV", "province": "ID-JT", "sector": "metal", "headcount.women": "20",
        "headcount.men": "10", "contact.name": "Ratna",
    },
}  # fmt: skip


NOT_KNOWN_YET, UNKNOWN_ID = (409, "2"), (422, None)


def cells(places: tuple[Place, ...], name: str | None = None) -> Iterator[tuple[Route, list[Cell]]]:
    """The cells to try at these places, by operation."""
    for service, route, found in whole():
        tried = [cell for cell in found if cell.place in places and cell.answer in TRIED]
        if tried and name in (None, service.name):
            yield route, tried


def operations(*places: Place) -> pytest.MarkDecorator:
    found = [
        pytest.param(service.name, route, cells, id=f"{service.name}-{route.operation}")
        for service, route, every in whole()
        if (cells := [cell for cell in every if cell.place in places and cell.answer in TRIED])
    ]
    return pytest.mark.parametrize(("name", "route", "tried"), found)


def alike(cell: Cell, foreign: Any, unknown: Any) -> None:
    """Neither answer says which it was, and a role that may not ask at all learns nothing else."""
    assert told(foreign) == told(unknown), cell
    assert (foreign.status_code == 403) == (cell.answer == "refused"), f"{cell}: {foreign.text}"


def test_every_place_is_tried() -> None:
    assert {"path", *READ, "body", "import", "page"} == set(PLACES)


@pytest.mark.parametrize("name", SERVICES)
def test_in_an_address(name: str, client: Client, tokens: Tokens) -> None:
    caller, sides = client(name), Sides(name)
    sides.make_all()
    bound = bindings(name)
    before = fingerprint()
    for route, tried in cells(("path",), name):
        for cell in tried:
            asked = {"method": route.method, "headers": headers_of(tokens, cell.role, bound), **sent_to(route)}
            foreign, unknown = (caller.open(path, **asked) for path in paths(route.rule, cell, sides))
            alike(cell, foreign, unknown)
            assert foreign.status_code in (403, 404), f"{cell}: {foreign.text}"
    assert fingerprint() == before


@pytest.mark.parametrize("name", SERVICES)
def test_in_the_address_of_a_page(name: str, client: Client, tokens: Tokens) -> None:
    caller, sides = client(name), Sides(name)
    sides.make_all()
    bound = bindings(name)
    before = fingerprint()
    for page, tried in ((page, cells) for service, page, cells in pages() if service.name == name):
        for cell in (cell for cell in tried if cell.answer in TRIED):
            carried = signed_in(caller, tokens, cell.role, bound)
            form = {**carried, **filled_in(page)} if page.method == "POST" else None
            foreign, unknown = (
                caller.open(path, method=page.method, data=form) for path in paths(page.path, cell, sides)
            )
            assert shown(foreign) == shown(unknown), cell
            assert foreign.status_code == (403 if cell.answer == "refused" else 404), f"{cell}: {foreign.text}"
    assert fingerprint() == before


@pytest.mark.parametrize("name", SERVICES)
def test_in_a_list(name: str, client: Client, tokens: Tokens) -> None:
    caller, sides = client(name), Sides(name)
    sides.make_all()
    bound = bindings(name)
    for route, tried in cells(READ, name):
        for cell in tried:
            headers = headers_of(tokens, cell.role, bound)
            if cell.place == "filter":
                foreign, unknown = (
                    caller.get(f"{route.rule}?{cell.at}={row_id}", headers=headers)
                    for row_id in (sides.of(BETA, cell.at), UNKNOWN)
                )
                alike(cell, foreign, unknown)
                continue
            query = f"format={cell.at}" if cell.place == "export" else f"sort=id&limit=100&cursor={_cursor(route)}"
            answer = caller.get(f"{route.rule}?{query}", headers=headers)
            assert answer.status_code == (403 if cell.answer == "refused" else 200), f"{cell}: {answer.text}"
            text = read(answer)
            assert not [row_id for row_id in sides.foreign if row_id in text], cell


@operations("body")
def test_in_a_body(name: str, route: Route, tried: list[Cell], client: Client, tokens: Tokens) -> None:
    """Of a new id nobody may be told more than that it is not known yet; the same ids, once they are old, are unknown."""
    caller = client(name)
    for pointer in dict.fromkeys(cell.at for cell in tried):
        clean(name)
        sides = Sides(name)
        order = order_for(route.operation, pointer)
        bound = {**callers(), **trainer_of(order)}
        place = next(cell.name for cell in tried if cell.at == pointer)
        asked_for = sides.of(BETA, place), ids.new()
        before = fingerprint()
        for cell in (cell for cell in tried if cell.at == pointer):
            for seconds in ("60", "0"):
                with environment(SCORE_KNOWN_WITHIN_SECONDS=seconds):
                    foreign, unknown = (
                        caller.open(
                            path_of(route, **order.path),
                            method=route.method,
                            json=with_id(order, route.operation, pointer, row_id),
                            headers=headers_of(tokens, cell.role, bound),
                        )
                        for row_id in asked_for
                    )
                alike(cell, foreign, unknown)
                if foreign.status_code not in (200, 403):
                    pointers = [fault["pointer"] for fault in foreign.json["errors"]]
                    assert all(pointer.startswith(at) for at in pointers), f"{cell}: {foreign.text}"
                    waits = seconds != "0" and place in told_by_others(name)
                    assert _said(foreign) == (NOT_KNOWN_YET if waits else UNKNOWN_ID), f"{cell}: {foreign.text}"
                assert str(asked_for[0]) not in foreign.text
        assert fingerprint() == before


@operations("import")
def test_in_a_sheet(name: str, route: Route, tried: list[Cell], client: Client, tokens: Tokens) -> None:
    caller, sides, kind = client(name), Sides(name), route.operation.removeprefix("import_")
    bound = callers()
    for cell in tried:
        unknown_id = UNKNOWN_NIB if cell.at.endswith("_nib") else UNKNOWN
        foreign_id, headers = sides.of(BETA, cell.at), headers_of(tokens, cell.role, bound)
        before = _entries()
        for dry_run in (True, False):
            answers = [
                upload(caller, headers, [{cell.at: str(row_id), **ROWS[route.operation]}], kind, dry_run=dry_run)
                for row_id in (foreign_id, unknown_id)
            ]
            if cell.answer == "refused":
                alike(cell, *answers)
                continue
            foreign, unknown = (worked(caller, headers, answer) for answer in answers)
            assert (counts(foreign), foreign["errors"]) == (counts(unknown), unknown["errors"]), cell
            assert [error["column"] for error in foreign["errors"]] == [cell.at], cell
        assert _entries() == before, cell


def _said(answer: Any) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("Retry-After")


def _cursor(route: Route) -> str:
    assert route.listing is not None
    return Cursor(ALPHA, ALPHA).encode(route.listing.orders["id"])


def _entries() -> tuple[int, int]:
    with acting_as(STAFF):
        return Enterprise.objects.count(), Participant.objects.count()
