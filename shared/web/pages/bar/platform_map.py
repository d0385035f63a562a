"""Knows the pages of every service of the platform, also of those whose code this image does not hold.

`platform_map.json` is written by `make docs` from the declarations, with the titles in all languages. A service that it
lacks (one of the tests) is described as it runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlencode

import orjson

from shared.access.permissions import PUBLIC
from shared.i18n.catalogues import Catalogues
from shared.i18n.languages import LANGUAGES
from shared.kernel.service import Service
from shared.web.pages.declare import PARAMETER, Pages

FILE: Final = Path(__file__).with_suffix(".json")


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page as other services know it. `roles` is empty where everybody may see it."""

    service: str
    name: str
    path: str
    titles: Mapping[str, str]
    roles: frozenset[str]
    section: str = ""
    place: int = 0

    @classmethod
    def of(cls, described: Mapping[str, Any]) -> Self:
        return cls(**{**described, "roles": frozenset(described["roles"])})

    def permits(self, role: str | None) -> bool:
        return not self.roles or role in self.roles

    def path_with(self, arguments: Mapping[str, object]) -> str:
        """Return the path with its parameters filled in; what it does not take becomes the query."""
        taken = set(PARAMETER.findall(self.path))
        path = PARAMETER.sub(lambda found: str(arguments[found[1]]), self.path)
        query = {name: value for name, value in arguments.items() if name not in taken and value is not None}
        return f"{path}?{urlencode(query)}" if query else path


@dataclass(frozen=True, slots=True)
class KnownSection:
    """A section of the bar."""

    name: str
    titles: Mapping[str, str]
    place: int


@dataclass(frozen=True, slots=True)
class PlatformMap:
    """The sections in their order, and all pages."""

    sections: tuple[KnownSection, ...]
    pages: tuple[KnownPage, ...]
    by_name: Mapping[tuple[str, str], KnownPage] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {(page.service, page.name): page for page in self.pages})

    def listed(self, section: str, role: str | None) -> list[KnownPage]:
        """Return the pages that the bar leads to in a section, for a role."""
        found = [page for page in self.pages if page.section == section and page.permits(role)]
        return sorted(found, key=lambda page: page.place)

    def services_for(self, role: str) -> set[str]:
        """Return the services that have a page for a role, beside those that are for everybody."""
        return {page.service for page in self.pages if page.section and role in page.roles}


def described(service: Service, pages: Pages) -> dict[str, Any]:
    """Return what others are to know of a service's pages, as the file holds it."""
    catalogues = Catalogues.of(service)

    def titles(text: str) -> dict[str, str]:
        return {language: catalogues.gettext(language, text) for language in LANGUAGES}

    return {
        "sections": [
            {"name": section.name, "titles": titles(section.title), "place": section.place}
            for section in service.sections
        ],
        "pages": [
            {
                "service": service.name,
                "name": page.name,
                "path": page.path,
                "titles": titles(page.title),
                "roles": [] if page.permits is PUBLIC else sorted(page.permits),
                "section": page.section,
                "place": page.place,
            }
            for page in pages
            if page.method == "GET"
        ],
    }


def joined(parts: Iterable[Mapping[str, Any]]) -> PlatformMap:
    sections, pages = [], []
    for part in parts:
        sections += [KnownSection(**section) for section in part["sections"]]
        pages += [KnownPage.of(page) for page in part["pages"]]
    return PlatformMap(tuple(sorted(sections, key=lambda section: section.place)), tuple(pages))


@cache
def written_map() -> Mapping[str, Mapping[str, Any]]:
    """Return the file's content, by service."""
    content: dict[str, Mapping[str, Any]] = orjson.loads(FILE.read_bytes())
    return content


def map_with(service: Service, pages: Pages) -> PlatformMap:
    """Return the map of the platform, as a service of it sees it."""
    content = written_map()
    own = {} if service.name in content else {service.name: described(service, pages)}
    return joined([*content.values(), *own.values()])
