"""Answers lists: filters and sort orders from an allowlist, pages by cursor, the same rows as CSV or XLSX.

The handler returns a scoped query set; filtering, order and paging happen here, so that every list behaves alike. A
handler that has rows of its own making returns a plain list, which is one page, and reads `ListQuery.filters` itself.
Filters are equality on a stored field, typed by the view's schema: no text of a caller becomes a pattern or operator.
"""

from __future__ import annotations

import contextvars
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import mongoengine
import orjson
from flask import Request, Response
from marshmallow import fields

from shared.domain.external_ids import EXTERNAL_ID, may_see_numbers
from shared.i18n.language import language_of_caller
from shared.i18n.languages import DEFAULT
from shared.kernel import clock
from shared.kernel.errors import Fault
from shared.kernel.settings.current import settings
from shared.tabular.csv_writer import csv_response
from shared.web.answer import Answer, version_headers
from shared.web.errors import Malformed
from shared.web.fields import Choice, Code, Flag, Moment, Real, Text, Whole, written
from shared.web.lists.pagination import DEFAULT_LIMIT, LONGEST_CURSOR, MOST, Cursor, Order, next_link
from shared.web.lists.plain_rows import plain_rows, streamed_rows
from shared.web.lists.windows import EARLIEST, next_rows
from shared.web.schema import Schema, speaks

RESERVED: Final = frozenset({"limit", "cursor", "sort", "format", "delimiter", "headings", "updated_since"})
CHANGED: Final = "updated_at"
UPDATED_SINCE: Final = (
    "Only rows that changed since, in the order of their changes. To stay in step follow `next` to the end, then ask again with "
    "the `as_of` of the first page; a row may come twice, none is left out"
)
FORMAT: Final = "Left out, it is what `Accept` likes best of the three, and JSON where it likes them alike"
HEADINGS: Final = "Of a CSV: names of fields, or words in the caller's language, as a workbook has them"
Filters = Sequence[str] | Mapping[str, fields.Field[Any]]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A caller's query of a list. `filters` holds stored field names and typed values."""

    limit: int
    order: Order
    cursor: Cursor | None
    filters: Mapping[str, Any]
    format: str
    delimiter: str
    headings: str
    changed_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The list that a route declares: how it may be filtered and sorted, and how a row looks."""

    name: str
    row: Schema
    filters: Mapping[str, fields.Field[Any]]
    orders: Mapping[str, Order]
    schema: type[Schema] = field(init=False)
    page: type[Schema] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "schema", self._query_schema())
        row = type(self.row)
        page: dict[str, fields.Field[Any]] = {
            "items": fields.List(fields.Nested(row), required=True),
            "next": fields.String(required=True, allow_none=True),
            "as_of": Moment(required=True),
        }
        object.__setattr__(self, "page", Schema.from_dict(page, name=f"{row.__name__.removesuffix('Schema')}Page"))

    @classmethod
    def of(cls, name: str, returns: type[Schema], filters: Filters, sort: Sequence[str]) -> Listing:
        row = returns()
        typed_filters = filters if isinstance(filters, Mapping) else {key: _field_of(row, key, name) for key in filters}
        orders = {}
        changes = [CHANGED] if CHANGED in row.fields else []
        for name_of_order in dict.fromkeys([*sort, *changes, "id"]):
            order = Order(name_of_order, _stored_name(row, name_of_order))
            for directed_order in (order, Order(name_of_order, order.field, descending=True)):
                orders[directed_order.written] = directed_order
        if any("." in order.field for order in orders.values()):
            raise TypeError(f"{name}: lists are sorted by fields of the row itself")
        if RESERVED & typed_filters.keys():
            raise TypeError(f"{name}: {sorted(RESERVED & typed_filters.keys())} are parameters of every list")
        return cls(name, row, {key: _as_parameter(kind) for key, kind in typed_filters.items()}, orders)

    def query(self, given: Mapping[str, Any]) -> ListQuery:
        """Return the query that loaded parameters make; a cursor is read here, since it depends on the order."""
        since = given.get("updated_since")
        order = self.orders[given.get("sort") or (CHANGED if since else self._first)]
        if since and order.written != CHANGED:  # in any other order a reader would miss what changes meanwhile
            raise Malformed(errors=[Fault("not-a-choice", parameter="sort", values={"choices": CHANGED})])
        cursor = Cursor.decode(given["cursor"], order) if "cursor" in given else None
        filters = {_stored_name(self.row, name): given[name] for name in self.filters if name in given}
        shape = (given["format"], given["delimiter"], given["headings"])
        # what a transaction changed is stored some time after the moment that it noted
        stored = since and since - min(since - EARLIEST, timedelta(seconds=settings().relay_overlap_seconds))
        return ListQuery(given["limit"], order, cursor, filters, *shape, stored)

    def answer(self, request: Request, rows: Any, query: ListQuery) -> Response:
        if isinstance(rows, mongoengine.QuerySet):
            rows = rows.filter(**{name.replace(".", "__"): value for name, value in query.filters.items()})
            rows = rows.order_by(*query.order.keys)
            if EXTERNAL_ID in query.filters and not may_see_numbers():
                rows = rows.filter(id__in=[])  # a number that is not shown is not to be guessed
        if query.format == "json":
            return self._page(request, rows, query).response()
        if query.changed_since and isinstance(rows, mongoengine.QuerySet):
            rows = rows.filter(updated_at__gte=query.changed_since)
        words = language_of_caller() if query.format == "xlsx" or query.headings == "words" else None
        file = file_of(self.name, self.row, dumped(rows, self.row), query.format, words, delimiter=query.delimiter)
        if words or speaks(self.row):
            file.vary.add("Accept-Language")
        return file

    def _page(self, request: Request, rows: Any, query: ListQuery) -> Answer:
        following, as_of = None, clock.now()
        if isinstance(rows, mongoengine.QuerySet):
            rows_and_next = next_rows(
                rows, query.order, query.cursor, query.limit + 1, plain_rows, changed_since=query.changed_since
            )
            rows = rows_and_next[: query.limit]
            if len(rows_and_next) > query.limit:
                last = rows[-1]
                following = Cursor(getattr(last, query.order.field), last.id).encode(query.order)
        items = self.row.dump(rows, many=True)
        headers = version_headers(None, self.row)
        if following is not None:
            headers["Link"] = next_link(request, following)
        return Answer(200, orjson.dumps({"items": items, "next": following, "as_of": written(as_of)}), headers)

    @property
    def _first(self) -> str:
        """Return the order of a list where none is asked for."""
        return next(iter(self.orders))

    def _query_schema(self) -> type[Schema]:
        since = {"updated_since": Moment(metadata={"description": UPDATED_SINCE})}
        changes = since if CHANGED in self.orders else {}
        parameters: dict[str, Any] = {
            "limit": _as_parameter(Whole(least=1, most=MOST), load_default=DEFAULT_LIMIT),
            "cursor": Text(longest=LONGEST_CURSOR, metadata={"description": "`next` of the page before"}),
            "sort": Choice(*self.orders, metadata={"default": self._first}),
            "format": Choice("json", "csv", "xlsx", metadata={"description": FORMAT}),
            "delimiter": Choice(",", ";", load_default=","),
            "headings": Choice("names", "words", load_default="names", metadata={"description": HEADINGS}),
        }
        name = f"{self.name.title().replace('_', '')}Query"
        return Schema.from_dict({**self.filters, **changes, **parameters}, name=name)  # type: ignore[return-value]


def _field_of(row: Schema, name: str, operation: str) -> fields.Field[Any]:
    if name not in row.fields:
        raise TypeError(f"{operation}: filter {name!r} is no field of {type(row).__name__}; give its type in a mapping")
    return row.fields[name]


def _stored_name(row: Schema, name: str) -> str:
    kind = row.fields.get(name)
    return kind.attribute if kind is not None and kind.attribute else name


def _as_parameter(kind: fields.Field[Any], *, load_default: Any = None) -> fields.Field[Any]:
    """Return a field of the same type as an optional query parameter, read from text."""
    parameter = Code() if type(kind) is fields.String else copy.deepcopy(kind)  # what is shown without a form is a code
    parameter.required = parameter.allow_none = parameter.dump_only = False
    parameter.attribute = parameter.data_key = None
    if load_default is not None:
        parameter.load_default = load_default
    if isinstance(parameter, (Whole, Real, Flag)):
        parameter.from_text = True
    return parameter


def file_of(
    name: str, row: Schema, rows: Iterator[Mapping[str, Any]], kind: str, words: str | None, *, delimiter: str = ","
) -> Response:
    """Answer a whole list as a file, with headings in the words of a language; a CSV has names of fields where none is given."""
    if kind == "xlsx":
        # spreadsheets are rare and their writer is large
        from shared.tabular.xlsx_writer import xlsx_response

        return xlsx_response(name, row, rows, words or DEFAULT)
    return csv_response(name, row, _in_this_context(rows), delimiter, words)


def dumped(rows: Any, schema: Schema) -> Iterator[Mapping[str, Any]]:
    source_rows = streamed_rows(rows) if isinstance(rows, mongoengine.QuerySet) else rows
    for row in source_rows:
        yield schema.dump(row)


def _in_this_context(rows: Iterator[Any]) -> Iterator[Any]:
    """Yield the rows on the same principal's behalf, though the request has ended by then."""
    context = contextvars.copy_context()
    end = object()
    while (row := context.run(next, rows, end)) is not end:
        yield row
