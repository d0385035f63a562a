"""Pages the lists of pages: narrowed and ordered as the address says, one page at a time, like the API's lists.

Only declared filters and orders count; a filter is equality on a stored field, read by its marshmallow field. Unknown
orders mean the first one. A search by name (`?q=`) compares words with the names that the page itself would show: it reads
all rows that the other filters leave, and keeps no words of its own. The same rows, whole, are what the page gives as a file.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import mongoengine
from flask import g, request
from marshmallow import ValidationError, fields

from shared.domain.external_ids import EXTERNAL_ID, may_see_numbers
from shared.domain.names import is_called, name_key, words_of
from shared.kernel.errors import Fault
from shared.web.errors import Malformed
from shared.web.fields import ExternalId, Flag, Real, Text, Whole
from shared.web.lists.pagination import Cursor, Order
from shared.web.lists.windows import next_rows

ROWS_ON_A_PAGE = 25
SEARCH = "q"


@dataclass(frozen=True, slots=True)
class PageOfRows:
    """One page of rows, the cursor of the next page, and how many rows there are in all."""

    rows: Sequence[Any]
    next: str | None
    total: int


@dataclass(frozen=True, slots=True)
class ByName:
    """How the rows of a list are searched by name: the fields that are read for it, and what each row is called."""

    fields: Sequence[str]
    called: Callable[[Sequence[Any]], Iterable[str]]


class WholeListAsked(Exception):
    """Ends the drawing of a page: its rows are known, all of them in their order."""

    def __init__(self, rows: mongoengine.QuerySet) -> None:
        super().__init__()
        self.rows = rows


def paginate(
    rows: mongoengine.QuerySet,
    *,
    sort: Sequence[str],
    filters: Sequence[str] | Mapping[str, fields.Field[Any]] = (),
    by_name: ByName | None = None,
    limit: int = ROWS_ON_A_PAGE,
) -> PageOfRows:
    """Return the rows of a scoped query set that the address asks for; refuse an unreadable filter or cursor as `Malformed`."""
    typed_filters = filters if isinstance(filters, Mapping) else {name: Text() for name in filters}
    for name, kind in typed_filters.items():
        text = request.args.get(name, "").strip()
        if text:
            rows = rows.filter(**{name.replace(".", "__"): _typed(name, kind, text)})
    order = _order(sort)
    words = words_of(name_key(request.args.get(SEARCH, ""))) if by_name else []
    if by_name and words:
        found = [_bare(row, by_name.fields) for row in rows.only(*by_name.fields).as_pymongo()]
        names = zip(found, by_name.called(found), strict=True)
        rows = rows.filter(id__in=[row.id for row, name in names if is_called(words_of(name_key(name)), words)])
    if "score_whole_list" in g:
        raise WholeListAsked(rows.order_by(*order.keys))
    cursor_text = request.args.get("cursor")
    rows_and_next = next_rows(rows, order, Cursor.decode(cursor_text, order) if cursor_text else None, limit + 1)
    page_rows = rows_and_next[:limit]
    following = (
        Cursor(getattr(page_rows[-1], order.field), page_rows[-1].id).encode(order)
        if len(rows_and_next) > limit
        else None
    )
    return PageOfRows(page_rows, following, rows.count())


def _bare(stored: Mapping[str, Any], names: Sequence[str]) -> SimpleNamespace:
    """Return what a search needs of a stored row; to make documents of all rows takes many times as long."""
    return SimpleNamespace(id=stored["_id"], **{name: stored.get(name) for name in names})


def number_filter() -> dict[str, fields.Field[Any]]:
    """Return the filter by an institution's own number, for those who see such numbers."""
    return {EXTERNAL_ID: ExternalId()} if may_see_numbers() else {}


def _order(sort: Sequence[str]) -> Order:
    sort_text = request.args.get("sort", "")
    name = sort_text.removeprefix("-")
    if name in sort or sort_text in sort:
        return Order(name, name, descending=sort_text.startswith("-"))
    return Order(sort[0].removeprefix("-"), sort[0].removeprefix("-"), descending=sort[0].startswith("-"))


def _typed(name: str, kind: fields.Field[Any], text: str) -> Any:
    reader = copy.deepcopy(kind)
    if isinstance(reader, (Whole, Real, Flag)):
        reader.from_text = True
    try:
        return reader.deserialize(text)
    except ValidationError:
        raise Malformed(errors=[Fault("invalid", parameter=name)]) from None
