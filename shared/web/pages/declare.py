"""Declares the pages that a service shows: `PAGES = Pages("enrollment")` and functions declared on it.

Every page says who may see it, so a page without a decision cannot be written; `PUBLIC` is a decision too. A form
posts to the path of the page that shows it, or names that page with `shows`: when the command refuses, the same page
comes back with what was typed and what is wrong. A declaration that could not be answered (no such page, an unknown
role) stops the import or the start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from flask.typing import ResponseReturnValue

from shared.access.permissions import PUBLIC, Permits, Undeclared, checked
from shared.kernel.service import Declaration
from shared.web.schema import Schema

Handler = Callable[..., ResponseReturnValue]
Names = Callable[[Iterable[UUID]], Mapping[UUID, str]]
H = TypeVar("H", bound=Handler)
PARAMETER = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Page:
    """One rule of the site. `body` is the schema of a form, `shows` the page that is drawn again when the form is
    refused; `largest_body` is set where a file comes along, `needed_files` names
    the boxes in which one has to be chosen."""

    name: str
    method: str
    path: str
    permits: Permits
    handler: Handler
    title: str = ""
    section: str = ""
    place: int = 0
    personal: bool = False
    body: type[Schema] | None = None
    rows: type[Schema] | None = None
    names: Mapping[str, Names] = field(default_factory=dict)
    shows: str | None = None
    largest_body: int | None = None
    needed_files: tuple[str, ...] = ()

    @property
    def parameters(self) -> set[str]:
        return set(PARAMETER.findall(self.path))

    def permits_role(self, role: str | None) -> bool:
        return self.permits is PUBLIC or role in self.permits


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the things that wait, by its name."""

    title: str
    address: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for somebody: in words, with their number, where it is done, and by when the first of it is due. `things`
    names the first of them."""

    title: str
    address: str
    count: int | None = None
    due_on: date | None = None
    text: str | None = None
    things: tuple[Thing, ...] = ()


Finder = Callable[[], Work | None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What can wait for whom."""

    permits: Permits
    find: Finder


@dataclass
class Pages(Declaration):
    """The pages of one subject or service. Forms run in a transaction unless `stored` is false."""

    service: str
    stored: bool = True
    _pages: dict[str, Page] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)

    @classmethod
    def joined(cls, parts: Sequence[Pages]) -> Pages:
        """Return one service's pages, which its subjects declare."""
        whole = cls(parts[0].service, parts[0].stored)
        for page in chain(*parts):
            whole._add(page)
        whole.waiting = [waiting for part in parts for waiting in part.waiting]
        return whole

    def get(
        self,
        path: str,
        *,
        permits: Permits,
        title: str = "",
        nav: tuple[str, int] | None = None,
        rows: type[Schema] | None = None,
        names: Mapping[str, Names] | None = None,
        personal: bool = False,
    ) -> Callable[[H], H]:
        """Declare a page. `title` is a source string; `nav` is its section of the bar and its place there; `rows` says
        what a row holds of the list that it shows, for a file of it, and `names` who has the names of its ids; `personal`
        notes reads in the access log."""
        if nav and "<" in path:
            raise Undeclared(f"{path} takes parameters, so the navigation cannot link to it")

        def declare(handler: H) -> H:
            self._add(
                Page(
                    _name(handler),
                    "GET",
                    path,
                    checked(permits, path),
                    handler,
                    title=title,
                    section=nav[0] if nav else "",
                    place=nav[1] if nav else 0,
                    rows=rows,
                    names=names or {},
                    personal=personal,
                )
            )
            return handler

        return declare

    def post(
        self,
        path: str,
        *,
        permits: Permits,
        body: type[Schema] | None = None,
        shows: str | None = None,
        personal: bool = False,
        largest_body: int | None = None,
        needed_files: tuple[str, ...] = (),
    ) -> Callable[[H], H]:
        """Declare a form's target. With `body` the handler gets the loaded form as `body`, exactly as the API's route would."""

        def declare(handler: H) -> H:
            self._add(
                Page(
                    _name(handler),
                    "POST",
                    path,
                    checked(permits, path),
                    handler,
                    body=body,
                    shows=shows,
                    personal=personal,
                    largest_body=largest_body,
                    needed_files=needed_files,
                )
            )
            return handler

        return declare

    def waits(self, *, permits: Permits) -> Callable[[Finder], Finder]:
        """Declare what can wait for somebody, for the first page after the sign-in: a function that finds it, within the
        caller's rows."""

        def declare(find: Finder) -> Finder:
            self.waiting.append(Waiting(checked(permits, _name(find)), find))
            return find

        return declare

    def __iter__(self) -> Iterator[Page]:
        return iter(self._pages.values())

    def __getitem__(self, name: str) -> Page:
        return self._pages[name]

    def shown_by(self, form: Page) -> Page:
        """Return the page that holds this form."""
        if form.shows is not None:
            if form.shows not in self._pages:
                raise Undeclared(f"{form.name} shows {form.shows}, which is no page of {self.service}")
            return self._pages[form.shows]
        for page in self:
            if page.method == "GET" and page.path == form.path:
                return page
        raise Undeclared(f"{form.name} posts to {form.path}, which is no page: name one with shows=")

    def _add(self, page: Page) -> None:
        if page.name in self._pages:
            raise Undeclared(f"two pages of {self.service} are called {page.name}")
        self._pages[page.name] = page


def _name(handler: Callable[..., Any]) -> str:
    return str(getattr(handler, "__name__", "page"))
