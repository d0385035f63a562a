"""Makes HTML from a template and what the handler found out.

The layout gets what every page shows (navigation, visitor, language, notices) from `environment`, so handlers pass
only their content. Templates are drawn inside the request, on behalf of the visitor: a list that is read while
drawing is scoped like any other query.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import Environment

from shared.i18n.language import gettext
from shared.kernel import clock
from shared.kernel.service import Service
from shared.web.pages.declare import Page, Pages
from shared.web.pages.session import notices

EXTENSION = "score_pages"
BLUEPRINT = "pages"


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of one running service."""

    service: Service
    pages: Pages
    environment: Environment


def site() -> Site:
    current_site: Site = current_app.extensions[EXTENSION]
    return current_site


def render(template: str, /, *, heading: str = "", as_of: datetime | None = None, **content: Any) -> str:
    """Return a template's HTML. `heading` replaces the declared title, for a page about one thing; `as_of` dates its figures."""
    current = page_being_drawn()
    title = heading or (gettext(current.title) if current else "")
    drawn = {"heading": title, "as_of": as_of or clock.now(), **content}
    return site().environment.get_template(template).render(drawn)


def page_being_drawn() -> Page | None:
    """Return the page whose address the visitor sees; for a refused form the one that holds it."""
    page: Page | None = g.get("score_page")
    return page


def redirect_to(
    page_name: str,
    /,
    *,
    flash: str = "",
    values: dict[str, object] | None = None,
    kind: notices.Kind = "good",
    **arguments: Any,
) -> ResponseReturnValue:
    """Redirect from a form to a page of this service, which shows the `flash` once (a source string, with its `values`)."""
    if flash:
        notices.flash(flash, values or {}, kind)
    return redirect(link(page_name, **arguments), code=303)


def link(page_name: str, /, **arguments: Any) -> str:
    """Return the address of a page or form of this service; unknown arguments become its query."""
    return url_for(f"{BLUEPRINT}.{page_name}", **arguments)


def here_with(**changes: str | None) -> str:
    """Return this page's address with other parameters; None takes one away. A language choice is never carried along."""
    arguments = request.args.to_dict(flat=False)
    for name, value in {"lang": None, **changes}.items():
        arguments.pop(name, None)
        if value is not None:
            arguments[name] = [value]
    return f"{here()}?{urlencode(arguments, doseq=True)}" if arguments else here()


def here() -> str:
    """Return the path of this page; after a refused form that of the page which holds it."""
    current = page_being_drawn()
    if current is None or request.method == "GET":
        return request.path
    return link(current.name, **taken_by(current, request.view_args or {}))


def form_address() -> str:
    """Return the address of the page that holds the form of this request, with its query where the browser tells it."""
    address, came_from = here(), urlsplit(request.referrer or "")
    is_same = came_from.netloc == request.host and came_from.path == address
    return f"{address}?{came_from.query}" if is_same and came_from.query else address


def taken_by(wanted: Page, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return those of a path's arguments that another page's path takes too."""
    names = wanted.parameters
    return {name: value for name, value in arguments.items() if name in names}
