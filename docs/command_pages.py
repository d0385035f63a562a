"""Says on which page each command is given, and why some have none: the table `docs/commands.md`.

A command of the API and the form of the same name are one thing. A new command has a form of its name, or stands here: under
`FORMS` where the form is called otherwise, under `WITHOUT` with the reason why no person looks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.access.permissions import PUBLIC
from shared.kernel.service import Service, declared
from shared.web.api.route import Route
from shared.web.pages.declare import Page, Pages

FORMS: Final = {
    "opt_out": "choose_letters",  # a mail program sends it with one click (RFC 8058), whoever opens its address sees the page
    "upload_commitment_letter": "commit_enterprise",  # the letter comes with the commitment
    "register_participant": "register_person",
    "correct_participant": "correct_person",
    "import_institutions": "start_import",
    "import_enterprises": "start_import",
    "import_participants": "start_import",
}
WITHOUT: Final = {
    "number_training": "A person enters the number with the plan; a system that learns it later gives it over the API.",
    "number_visit": "A person enters the number with the plan; a system that learns it later gives it over the API.",
}
WORDS: Final = """\
Every command of the API and the page where a person gives it. A command without a page says why;
`tests/everywhere/test_command_pages.py` fails for a new one that has neither, and where the page is closed to a role that may
give the command."""


def commands() -> Iterator[tuple[Service, Route, Page | None, Page | None]]:
    """Yield each command with its form and the page that holds the form."""
    for service in declared():
        pages = Pages.joined(service.pages)
        forms = {page.name: page for page in pages if page.method == "POST"}
        for routes in service.routes:
            for route in routes.declared:
                if route.method != "GET":
                    form = forms.get(FORMS.get(route.operation, route.operation))
                    yield service, route, form, pages.shown_by(form) if form else None


def is_open(page: Page, route: Route) -> bool:
    """Return whether all who may give a command may open a page."""
    return page.permits is PUBLIC or (route.permits is not PUBLIC and set(route.permits) <= set(page.permits))


def page(note: str) -> str:
    lines = ["# Commands and their pages", note, WORDS, ""]
    service_before = None
    for service, route, _, shown in commands():
        if service is not service_before:
            lines += ["", f"## {service.title}", "", "| command | request | page |", "|---|---|---|"]
            service_before = service
        where = f"`{shown.path}` {shown.title}".rstrip() if shown else f"none: {WITHOUT.get(route.operation, '')}"
        lines.append(f"| `{route.operation}` | `{route.method} {route.rule}` | {where} |")
    return "\n".join([*lines, ""])
