"""Gives the list that a page shows as a file: the rows that its address asks for, all of them, with names instead of ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, g, request
from flask.typing import ResponseReturnValue

from shared.i18n.language import current_language
from shared.i18n.languages import DEFAULT
from shared.kernel.message import gettext_noop
from shared.tabular.columns import columns_of
from shared.tabular.words import in_words
from shared.web.lists.listing import dumped, file_of
from shared.web.pages.declare import Page
from shared.web.pages.listing import WholeListAsked
from shared.web.pages.rendering import here, page_being_drawn
from shared.web.schema import Schema

KINDS: Final = ("xlsx", "csv")
AT_ONCE: Final = 200
NAMED: Final[Mapping[str, str]] = {
    "enterprise_id": gettext_noop("Enterprise"),
    "provider_id": gettext_noop("Training provider"),
    "institution_id": gettext_noop("Institution"),
    "trainer_id": gettext_noop("Trainer"),
    "lead_trainer_id": gettext_noop("Lead trainer"),
    "supervisor_id": gettext_noop("Expert in charge"),
    "recipient_id": gettext_noop("Recipient"),
    "payer_id": gettext_noop("Payer"),
    "participant_id": gettext_noop("Participant"),
}


def file_page(page: Page) -> Page:
    """Return the page that answers the file of a page's list."""
    return replace(
        page,
        name=f"{page.name}_file",
        path=f"{page.path}.<any({', '.join(KINDS)}):kind>",
        title="",
        section="",
        rows=None,
        handler=_answering(page),
    )


def file_links() -> list[tuple[str, str]]:
    """Return the kinds of file that the page being drawn gives of its list, with their addresses."""
    page = page_being_drawn()
    if page is None or page.rows is None:
        return []
    asked = [
        (name, value) for name, value in request.args.items(multi=True) if name not in ("cursor", "lang") and value
    ]
    query = f"?{urlencode(asked)}" if asked else ""
    return [(kind.upper(), f"{here()}.{kind}{query}") for kind in KINDS]


def _answering(page: Page) -> Callable[..., ResponseReturnValue]:
    if page.rows is None:
        raise TypeError(f"{page.name} does not say what a row of its list holds")
    labels = {name: NAMED[name] for name in page.names}
    row = type(page.rows.__name__, (page.rows,), {"LABELS": labels})()

    def whole_list(kind: str, **arguments: Any) -> ResponseReturnValue:
        g.score_whole_list = True
        try:
            return page.handler(**arguments)  # it may lead elsewhere
        except WholeListAsked as asked:
            return file_for_people(page.name, row, _with_names(page, dumped(asked.rows, row)), kind)

    return whole_list


def file_for_people(name: str, row: Schema, rows: Iterator[Mapping[str, Any]], kind: str) -> Response:
    """Answer rows as a file in words, as the visitor's spreadsheet reads it; codes are for systems, which have the API."""
    language = current_language()
    columns = list(columns_of(row))
    worded = (in_words(columns, values, language) for values in rows)
    return file_of(name, row, worded, kind, language, delimiter=";" if language == DEFAULT else ",")


def _with_names(page: Page, rows: Iterator[Mapping[str, Any]]) -> Iterator[Any]:
    """Yield the rows with the names of what their ids name, also within the objects that they hold."""
    while batch := list(islice(rows, AT_ONCE)):
        names_of = {
            column: {str(thing): name for thing, name in names(set(_ids_in(batch, column))).items()}
            for column, names in page.names.items()
        }
        yield from (_named(row, names_of) for row in batch)


def _ids_in(value: Any, column: str) -> Iterator[UUID]:
    if isinstance(value, Mapping):
        if value.get(column):
            yield UUID(value[column])
        value = value.values()
    elif not isinstance(value, list):
        return
    for inner in value:
        yield from _ids_in(inner, column)


def _named(value: Any, names_of: Mapping[str, Mapping[str, str]]) -> Any:
    if isinstance(value, list):
        return [_named(inner, names_of) for inner in value]
    if not isinstance(value, Mapping):
        return value
    return {
        name: names_of[name].get(inner, inner) if name in names_of and inner else _named(inner, names_of)
        for name, inner in value.items()
    }
