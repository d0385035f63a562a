"""Every list of every service as a spreadsheet: no cell is a formula, headings are there in both languages."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from flask import Flask, Response, request
from marshmallow import Schema, fields

from services.enrollment.imports.sheet import choices_of
from shared.kernel.message import Message
from shared.kernel.service import Service, declared
from shared.tabular.cells import DANGEROUS, cell
from shared.tabular.columns import Column, columns_of
from shared.tabular.media_types import XLSX
from shared.tabular.xlsx_writer import plain
from shared.web.fields import Identifier, Worded
from shared.web.pages.declare import Pages
from shared.web.pages.list_files import file_for_people
from tests.support.catalogues import catalogues_of
from tests.support.declared_operations import OPERATIONS

HOSTILE = '=HYPERLINK("https://example.org")'
LISTS = [
    pytest.param(service, route, id=f"{service.name}-{route.operation}")
    for service, route in OPERATIONS
    if route.listing is not None
]


def row_of(schema: Schema) -> SimpleNamespace:
    """What a view reads, with the hostile text wherever a text may stand."""
    return SimpleNamespace(**{field.attribute or name: value_of(field) for name, field in schema.dump_fields.items()})


def value_of(field: fields.Field[Any]) -> Any:
    if isinstance(field, fields.Nested):
        return [row_of(field.schema)] if field.many else row_of(field.schema)
    if isinstance(field, fields.List):
        return [value_of(field.inner)]
    kinds = ((Worded, Message(HOSTILE)), (Identifier, uuid.UUID(int=7)), (fields.Boolean, True), (fields.Number, 3),
             (fields.DateTime, datetime(2026, 11, 25, tzinfo=UTC)), (fields.Date, date(2026, 11, 25)))  # fmt: skip
    return next((value for kind, value in kinds if isinstance(field, kind)), HOSTILE)


@pytest.fixture
def in_request() -> Iterator[Flask]:
    app = Flask("exports")
    app.testing = True
    return app


def headings_of(service: Service, route: Any, language: str) -> list[str]:
    with catalogues_of(service.name).in_use():
        return [column.called(language) for column in columns_of(route.listing.row)]


def exported(app: Flask, service: Service, route: Any, language: str, **asked: str) -> Response:
    listing = route.listing
    request_context = app.test_request_context("/", headers={"Accept-Language": language})
    with request_context, catalogues_of(service.name).in_use():
        given = listing.schema().load(asked)
        return listing.answer(request, [row_of(listing.row)] * 3, listing.query(given))


@pytest.mark.parametrize(("service", "route"), LISTS)
def test_a_csv_has_a_heading_in_each_language_and_no_formula(service: Service, route: Any, in_request: Flask) -> None:
    keys = [column.key for column in columns_of(route.listing.row)]
    words = {language: headings_of(service, route, language) for language in ("id", "en")}
    for language, asked, headings in (
        ("en", {}, keys),
        ("id", {"headings": "words"}, words["id"]),
        ("en", {"headings": "words"}, words["en"]),
    ):
        answer = exported(in_request, service, route, language, format="csv", **asked)
        assert answer.mimetype == "text/csv"
        assert answer.is_streamed
        first, *rest = csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")))
        assert first == headings
        assert [len(row) for row in rest] == [len(keys)] * 3
        assert not [cell for row in rest for cell in row if cell.startswith(DANGEROUS)]
        assert not [cell for cell in first if cell.startswith(DANGEROUS)]
    assert words["id"] != words["en"]


@pytest.mark.parametrize(("service", "route"), LISTS)
def test_a_workbook_has_a_heading_in_each_language_and_no_formula(
    service: Service, route: Any, in_request: Flask
) -> None:
    for language in ("id", "en"):
        answer = exported(in_request, service, route, language, format="xlsx")
        assert answer.mimetype == XLSX
        assert answer.is_streamed
        headings, *rows = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active.iter_rows()
        assert [cell.value for cell in headings] == headings_of(service, route, language)
        assert len(rows) == 3
        assert not [cell.coordinate for row in rows for cell in row if cell.data_type == "f"]


WORDED = [
    pytest.param(service, page.rows, id=f"{service.name}-{page.name}")
    for service in declared()
    for page in Pages.joined(service.pages)
    if page.rows is not None
]


def filled(schema: Schema) -> dict[str, Any]:
    """A row as its answer says it, each closed list at its first code."""
    return {field.data_key or name: filled_value(field) for name, field in schema.dump_fields.items()}


def filled_value(field: fields.Field[Any]) -> Any:
    if isinstance(field, fields.Nested):
        return [filled(field.schema)] * 2 if field.many else filled(field.schema)
    if isinstance(field, fields.List):
        return [filled_value(field.inner)] * 2
    kinds = ((fields.UUID, str(uuid.UUID(int=7))), (fields.Boolean, True), (fields.Number, 3),
             (fields.DateTime, "2026-11-25T01:00:00.000Z"), (fields.Date, "2026-11-25"))  # fmt: skip
    code = next(iter(choices_of(field)), "Kata")
    return next((value for kind, value in kinds if isinstance(field, kind)), code)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("service", "row"), WORDED)
def test_what_people_load_down_holds_words_and_no_codes(
    service: Service, row: type[Schema], language: str, kind: str, in_request: Flask
) -> None:
    with in_request.test_request_context(f"/?lang={language}"), catalogues_of(service.name).in_use():
        answer = file_for_people("rows", row(), iter([filled(row())] * 2), kind)
        data = answer.get_data()
    codes = {code for column in all_columns(row()) for code in choices_of(column.field)[:1] if not code.isdecimal()}
    words = {
        text
        for column in all_columns(row())
        for label in column.codes.values()
        for text in (label if isinstance(label, str) else label[0],)
    }
    cells = cells_of(data, kind, ";" if language == "id" else ",")
    assert len({len(line) for line in cells}) == 1
    for text in (text for line in cells for text in line if isinstance(text, str)):
        assert not set("{}[]") & set(text), text
        assert text not in codes - words, text


def cells_of(data: bytes, kind: str, delimiter: str) -> list[list[Any]]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(data.decode().removeprefix("\ufeff")), delimiter=delimiter))
    return [[cell.value for cell in line] for line in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()]


def all_columns(schema: Schema) -> Iterator[Column]:
    for column in columns_of(schema):
        yield column
        yield from column.parts


def test_objects_in_a_cell_are_json_for_systems() -> None:
    assert cell([{"verb": "schedule", "count": 1}]) == '[{"verb":"schedule","count":1}]'
    assert plain([{"verb": "schedule", "count": 1}]) == '[{"verb":"schedule","count":1}]'
