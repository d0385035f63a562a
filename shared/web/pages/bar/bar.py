"""Makes the bar: the things that people know, in one order on every page, and the pages of the section one is in.

Nobody is offered a section without a page of theirs, or a page of a service that this platform does not run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import current_app, request

from shared.i18n.language import localized
from shared.kernel.service import Service, declared
from shared.kernel.settings.current import settings
from shared.web.pages.bar.platform_map import KnownPage, PlatformMap
from shared.web.pages.rendering import page_being_drawn, site
from shared.web.pages.session.visitor import visitor

EXTENSION: Final = "score_platform_map"


@dataclass(frozen=True, slots=True)
class Door:
    """A place that the bar leads to. `is_here` is true in its section, `is_this` on the very page."""

    title: str
    address: str
    is_here: bool = False
    is_this: bool = False


def platform_map() -> PlatformMap:
    known: PlatformMap = current_app.extensions[EXTENSION]
    return known


def bar() -> list[Door]:
    """Return a door for each section that has a page for the visitor."""
    here = _present()
    doors = []
    for section in platform_map().sections:
        pages = _listed(section.name)
        if any(page.roles for page in pages):  # a page for everybody alone makes no section
            address = address_of(pages[0])
            is_here = here is not None and here.section == section.name
            doors.append(Door(localized(section.titles), address, is_here, _is(pages[0], here)))
    return doors


def neighbours() -> list[Door]:
    """Return the pages of the section that the visitor is in; none where there is but one."""
    here = _present()
    pages = _listed(here.section) if here else []
    doors = [Door(localized(page.titles), address_of(page), page == here, _is(page, here)) for page in pages]
    return doors if len(doors) > 1 else []


def section_pages() -> list[tuple[str, list[Door]]]:
    """Return every section for the visitor with its pages."""
    found = []
    for section in platform_map().sections:
        pages = _listed(section.name)
        if any(page.roles for page in pages):
            doors = [Door(localized(page.titles), address_of(page)) for page in pages]
            found.append((localized(section.titles), doors))
    return found


def public_pages() -> list[Door]:
    """Return the pages that everybody may open."""
    pages = [
        page for page in platform_map().pages if page.section and not page.roles and page.service in reached_from_here()
    ]
    return [Door(localized(page.titles), address_of(page)) for page in pages]


def elsewhere(service: str, page_name: str, /, **arguments: object) -> str:
    """Return the address of a page of any service; empty where the visitor may not see it, or nobody serves it."""
    page = platform_map().by_name.get((service, page_name))
    if page is None or not page.permits(_role()) or service not in reached_from_here():
        return ""
    return address_of(page, **arguments)


def address_of(page: KnownPage, **arguments: object) -> str:
    path = page.path_with(arguments)
    return f"{reached_from_here()[page.service].rstrip('/')}{path}"


def addresses(own: Service) -> dict[str, str]:
    """Return the public address per service: as configured, else the declared ports on this host."""
    if settings().addresses:
        return dict(settings().addresses)
    host = request.host.rpartition(":")[0] or request.host
    return {service.name: f"{request.scheme}://{host}:{service.port}/" for service in declared()} or {own.name: "/"}


def reached_from_here() -> dict[str, str]:
    """Return the address per service that links of this one lead to: its own pages are on the same host."""
    own = site().service
    return {**addresses(own), own.name: "/"}


def _listed(section: str) -> list[KnownPage]:
    return [page for page in platform_map().listed(section, _role()) if page.service in reached_from_here()]


def _role() -> str | None:
    viewer = visitor()
    return viewer.role if viewer else None


def _present() -> KnownPage | None:
    """Return the listed page that the visitor is on, or that the present page belongs to: the longest beginning of its path."""
    current = page_being_drawn()
    if current is None:
        return None
    own = site().service.name
    above = [
        page
        for page in platform_map().pages
        if page.service == own and page.section and f"{current.path}/".startswith(f"{page.path}/")
    ]
    return max(above, key=lambda page: len(page.path), default=None)


def _is(page: KnownPage, here: KnownPage | None) -> bool:
    current = page_being_drawn()
    return here == page and current is not None and current.path == page.path
