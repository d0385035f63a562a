"""Lists every place of every operation in which an id can stand, by role: what the scope matrix has to try.

It follows from the declarations alone. `tests/everywhere/test_scope_matrix.py` tries each cell on the real store and fails
where one is left out, so the page that is made of it here says both: how large the matrix is, and that it holds.
"""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from marshmallow import Schema, fields

from shared.access.permissions import PUBLIC, ROLES
from shared.kernel.service import Service, declared
from shared.storage.row_scope import SEES_ALL
from shared.tabular.media_types import CSV, XLSX
from shared.web.api.operations import operations
from shared.web.api.route import Route
from shared.web.pages.declare import Page, Pages
from shared.web.pages.work.operation import work

Place: TypeAlias = Literal["path", "query", "body", "filter", "export", "import", "page"]
Answer: TypeAlias = Literal["as an unknown id", "refused", "sees all", "everybody's"]

PLACES: Final[tuple[Place, ...]] = ("path", "query", "body", "filter", "export", "import", "page")
ANSWERS: Final[tuple[Answer, ...]] = ("as an unknown id", "refused", "sees all", "everybody's")
TRIED: Final = frozenset(ANSWERS[:2])
EVERYBODYS: Final = frozenset({"module_version_id", "viewer_id"})
"""Ids of what everybody may name: the catalogue's, and institutions to which something is released."""
NATURAL_KEYS: Final = frozenset({"enterprise_nib"})  # columns that name somebody without an id
PARAMETER: Final = re.compile(r"<uuid:(\w+)>")


@dataclass(frozen=True, slots=True)
class Cell:
    """One role that sends somebody else's id at one place of an operation. `at` is the place's name in the request."""

    operation: str
    role: str
    place: Place
    at: str
    answer: Answer

    @property
    def name(self) -> str:
        """Return what the id is called: the last word of a pointer, a list's without its number."""
        return next(part for part in reversed(self.at.split("/")) if not part.isdigit())


def services_and_routes() -> Iterator[tuple[Service, Route]]:
    for service in declared():
        for routes in (*service.routes, operations, work):
            yield from ((service, route) for route in routes.declared)


def cells_of(service: Service, route: Route) -> list[Cell]:
    """Return the cells of an operation; none for one that needs no token."""
    if route.permits is PUBLIC:
        return []
    return [
        Cell(route.operation, role, place, at, _answer(route, role, at))
        for place, at in places_of(service, route)
        for role in sorted(ROLES)
    ]


def cells_of_page(page: Page) -> list[Cell]:
    """Return the cells of a page's or a form's address. What a form sends goes to the command of an operation."""
    if page.permits is PUBLIC:
        return []
    return [
        Cell(page.name, role, "page", at, _answer(page, role, at))
        for at in PARAMETER.findall(page.path)
        for role in sorted(ROLES)
    ]


def places_of(service: Service, route: Route) -> Iterator[tuple[Place, str]]:
    """Yield the places of an operation in which an id can stand."""
    yield from (("path", name) for name in PARAMETER.findall(route.rule))
    if route.listing is not None:
        yield from (("filter", name) for name, kind in route.listing.filters.items() if isinstance(kind, fields.UUID))
        yield "query", "cursor"
        yield from (("export", form) for form in ("csv", "xlsx"))
    elif route.query is not None:
        yield from (("query", pointer) for pointer in _pointers(route.query()))
    if route.body is not None:
        yield from (("body", pointer) for pointer in _pointers(route.body()))
    if {CSV, XLSX} & set(route.consumes):
        yield from (("import", column) for column in _columns(service, route))


def _answer(asked: Route | Page, role: str, at: str) -> Answer:
    if role not in asked.permits:
        return "refused"
    if at.removeprefix("/") in EVERYBODYS:
        return "everybody's"
    return "sees all" if role in SEES_ALL else "as an unknown id"


def _pointers(schema: Schema, above: str = "") -> Iterator[str]:
    for name, field in schema.load_fields.items():
        yield from _within(f"{above}/{name}", field)


def _within(pointer: str, field: fields.Field[Any]) -> Iterator[str]:
    if isinstance(field, fields.UUID):
        yield pointer
    elif isinstance(field, fields.List):
        yield from _within(f"{pointer}/0", field.inner)
    elif isinstance(field, fields.Nested):
        yield from _pointers(field.schema, pointer)


def _columns(service: Service, route: Route) -> list[str]:
    """Return the columns of a sheet that name somebody; `import_people` takes sheets of the kind `people`."""
    kinds = importlib.import_module(f"services.{service.name}.imports.kinds").KINDS
    kind = kinds[route.operation.removeprefix("import_")]
    return [
        column.key for column in kind.columns if isinstance(column.field, fields.UUID) or column.key in NATURAL_KEYS
    ]


@cache
def pages() -> tuple[tuple[Service, Page, tuple[Cell, ...]], ...]:
    return tuple(
        (service, page, tuple(cells_of_page(page)))
        for service in declared()
        if service.pages
        for page in Pages.joined(service.pages)
    )


@cache
def whole() -> tuple[tuple[Service, Route, tuple[Cell, ...]], ...]:
    return tuple((service, route, tuple(cells_of(service, route))) for service, route in services_and_routes())


WORDS: Final = """\
Every place of every operation in which an id can stand, for every role: both follow from the declarations. Each cell is tried on
the real store by `tests/everywhere/test_scope_matrix.py`, which fails for a place that it has no row for. An id of another
institution is answered word for word as one that does not exist, and nothing changes; a role that may not call the operation is
refused whatever the id. `programme` and `auditor` see all rows. Lists are asked with a cursor that names a foreign row, and are
exported; imports are rehearsed and carried out. Pages and forms are asked by their address: what a form sends goes to the command
of an operation."""


def page(note: str) -> str:
    """Return the page: the size by place and answer, then the places of each operation."""
    return "\n".join(["# Scope matrix", note, WORDS, "", *_sizes(), *_operations(), ""])


def _sizes() -> list[str]:
    every = [cell for *_, cells in (*whole(), *pages()) for cell in cells]
    places = Counter(cell.place for cell in every if cell.role == min(ROLES))
    asked, shown = (sum(bool(cells) for *_, cells in found) for found in (whole(), pages()))
    sizes = Counter((cell.place, cell.answer) for cell in every)
    tried = sum(cell.answer in TRIED for cell in every)
    lines = [
        f"{places.total()} places in {asked} operations and {shown} pages and forms, {len(ROLES)} roles: **{len(every)} cells**,",
        f"{tried} of them tried with an id of another institution and with one that does not exist; the others may see it.",
        "",
        f"| place of the id | places | {' | '.join(ANSWERS)} | cells |",
        "|---|---:|" + "---:|" * (len(ANSWERS) + 1),
    ]
    for place in PLACES:
        counts = [sizes[place, answer] for answer in ANSWERS]
        lines.append(f"| {place} | {places[place]} | {' | '.join(map(str, counts))} | {sum(counts)} |")
    totals = [sum(sizes[place, answer] for place in PLACES) for answer in ANSWERS]
    return [*lines, f"| all | {places.total()} | {' | '.join(map(str, totals))} | {len(every)} |"]


def _operations() -> Iterator[str]:
    for service in declared():
        yield from ("", f"## {service.title} (`{service.name}`)", "")
        places = PLACES[:-1]
        yield f"| operation | {' | '.join(places)} | as an unknown id for | sees all |"
        yield "|---|" + "---|" * (len(places) + 2)
        for _, route, cells in (line for line in whole() if line[0] is service and line[2]):
            words = [
                *(_listed(f"`{cell.at}`" for cell in cells if cell.place == place) for place in places),
                *(
                    _listed(cell.role for cell in cells if cell.answer == answer)
                    for answer in ("as an unknown id", "sees all")
                ),
            ]
            yield f"| `{route.operation}` | {' | '.join(words)} |"
        named = _listed(f"`{page.name}`" for owner, page, cells in pages() if owner is service and cells)
        if named:
            yield from ("", f"Pages and forms with an id in their address: {named}.")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))
