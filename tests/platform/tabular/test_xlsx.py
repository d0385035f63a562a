"""What a list looks like as a workbook: read back as Excel would read it."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

import openpyxl
import pytest
from marshmallow import fields

from services.enrollment.enterprises.labels import FIELDS
from shared.tabular.cells import DANGEROUS
from shared.tabular.columns import columns_of
from shared.tabular.xlsx_writer import write_sheets
from shared.web.fields import Identifier, IsoDate, Moment, Rupiah, Whole
from shared.web.schema import Schema
from tests.support.catalogues import catalogues_of


class Persons(Schema):
    women = Whole()
    men = Whole()


class Row(Schema):
    LABELS: ClassVar = {**FIELDS, "amount.amount": "Amount", "amount.currency": "Currency"}

    id = Identifier()
    name = fields.String()
    nib = fields.String()
    headcount = fields.Nested(Persons)
    valid_from = IsoDate()
    created_at = Moment()
    overdue = fields.Boolean()
    provinces = fields.List(fields.String())
    amount = Rupiah()


ONE: dict[str, Any] = {
    "id": "018f0000-0000-7000-8000-000000000001",
    "name": "Kayu Contoh",
    "nib": "0012345678901",
    "headcount": {"women": 20, "men": 10},
    "valid_from": "2026-11-24",
    "created_at": "2026-11-24T08:30:00.000Z",
    "overdue": True,
    "provinces": ["ID-JT", "ID-BA"],
    "amount": {"amount": 1_500_000, "currency": "IDR"},
}


def written(*rows: dict[str, Any], language: str = "en", **options: Any) -> Any:
    file = io.BytesIO()
    with catalogues_of("enrollment").in_use():
        write_sheets(file, list(columns_of(Row())), iter(rows), language, **options)
    return openpyxl.load_workbook(file)


def values(sheet: Any) -> list[dict[str, Any]]:
    heading, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, line, strict=True)) for line in lines]


def test_values_keep_their_types_and_numbers_their_zeros() -> None:
    (found,) = values(written(ONE).active)
    assert found["NIB"] == "0012345678901"
    assert found["Headcount: women"] == 20
    assert found["Valid from"] == datetime(2026, 11, 24, tzinfo=UTC).replace(tzinfo=None)
    assert found["Created (UTC)"] == datetime(2026, 11, 24, 8, 30, tzinfo=UTC).replace(tzinfo=None)
    assert found["Overdue"] is True
    assert found["Provinces of work"] == "ID-JT ID-BA"
    assert (found["Amount"], found["Currency"]) == (1_500_000, "IDR")


def test_headings_are_in_the_language_asked_for() -> None:
    headings = [cell.value for cell in next(written(language="id").active.iter_rows())]
    assert headings[:5] == ["ID", "Nama", "NIB", "Jumlah orang: perempuan", "Jumlah orang: laki-laki"]


@pytest.mark.parametrize("start", [*(mark for mark in DANGEROUS if mark.isprintable()), "https://", "mailto:"])
def test_no_text_becomes_a_formula_or_a_link(start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    cell = written({**ONE, "name": text}).active["B2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert cell.quotePrefix == text.startswith(DANGEROUS)


def test_what_is_missing_stays_empty_and_what_is_too_long_is_cut() -> None:
    (found,) = values(written({"id": ONE["id"], "name": "x" * 40_000, "nib": None}).active)
    assert len(found["Name"]) == 32_767
    assert found["NIB"] is None
    assert found["Valid from"] is None


def test_where_a_sheet_is_full_the_next_goes_on() -> None:
    book = written(*({**ONE, "name": str(number)} for number in range(5)), rows_per_sheet=2)
    assert [[row["Name"] for row in values(sheet)] for sheet in book] == [["0", "1"], ["2", "3"], ["4"]]


def test_memory_does_not_grow_with_the_list(tmp_path: Any) -> None:
    def peak(count: int) -> int:
        def rows() -> Iterator[dict[str, Any]]:
            yield from ({**ONE, "name": f"Usaha {number}"} for number in range(count))

        tracemalloc.start()
        with (tmp_path / f"{count}.xlsx").open("w+b") as file:
            write_sheets(file, list(columns_of(Row())), rows(), "id")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert zipfile.is_zipfile(tmp_path / f"{count}.xlsx")
        return found

    peak(10)  # what the first workbook loads is not the list's
    assert peak(4_000) < 2 * peak(400)
