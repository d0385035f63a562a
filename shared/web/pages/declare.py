"""Declares the pages that a service shows: `PAGES = Pages("enrollment")` and functions declared on it.

Every page says who may see it, so a page without a decision cannot be written; `PUBLIC` is a decision too. A form
posts to the path of the page that shows it, or names that page with `shows`: when the command refuses, the same page
comes back with what was typed and what is wrong. A declaration that could not be answered (no such page, an unknown
role) stops the import or the start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from flask.typing import ResponseReturnValue

from shared.access.permissions import PUBLIC, Permits, Undeclared, checked
from shared.kernel.service import Declaration
from shared.web.schema import Schema

Handler = Callable[..., ResponseReturnValue]
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
    nav: int = 0
    personal: bool = False
    body: type[Schema] | None = None
    shows: str | None = None
    largest_body: int | None = None
    needed_files: tuple[str, ...] = ()

    @property
    def parameters(self) -> set[str]:
        return set(PARAMETER.findall(self.path))

    def permits_role(self, role: str | None) -> bool:
        return self.permits is PUBLIC or role in self.permits


@dataclass
class Pages(Declaration):
    """The pages of one subject or service. Forms run in a transaction unless `stored` is false."""

    service: str
    stored: bool = True
    _pages: dict[str, Page] = field(default_factory=dict)

    @classmethod
    def joined(cls, parts: Sequence[Pages]) -> Pages:
        """Return one service's pages, which its subjects declare."""
        whole = cls(parts[0].service, parts[0].stored)
        for page in chain(*parts):
            whole._add(page)
        return whole

    def get(
        self, path: str, *, permits: Permits, title: str = "", nav: int = 0, personal: bool = False
    ) -> Callable[[H], H]:
        """Declare a page. `title` is a source string; `nav` is its place in the navigation, 0 for none; `personal` notes
        reads in the access log."""
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
                    nav=nav,
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

    def __iter__(self) -> Iterator[Page]:
        return iter(self._pages.values())

    def __getitem__(self, name: str) -> Page:
        return self._pages[name]

    def navigation(self, role: str | None) -> list[Page]:
        listed = [page for page in self if page.nav and page.permits_role(role)]
        return sorted(listed, key=lambda page: page.nav)

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


def _name(handler: Handler) -> str:
    return str(getattr(handler, "__name__", "page"))
