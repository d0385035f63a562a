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

from shared.kernel.message import Message
from shared.kernel.service import Service
from shared.tabular.cells import DANGEROUS
from shared.tabular.columns import columns_of
from shared.tabular.media_types import XLSX
from shared.web.fields import Identifier, Worded
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
