"""A workbook is read as openpyxl reads it, whoever wrote it, wherever the bytes of its parts are cut."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from shared.tabular import workbook
from shared.tabular.workbook import sheet_rows
from shared.tabular.workbook_parts import ErrorValue, Formula

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
LIMITS: dict[str, Any] = {"most_unpacked": 10_000_000, "most_seconds": 60, "longest": 1_000}
FORMATS = [
    "General",
    "0.00",
    "@",
    "dd/mm/yyyy",
    "mmm-yy",
    "h:mm",
    "[h]:mm:ss",
    "mm:ss",
    '"dd"0',
    "[Red]0",
    "yyyy;@",
    "#,##0_d",
]


def date_of(year: int) -> datetime:
    return datetime(year, 1, 1)  # noqa: DTZ001 - as above


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=40
)
moments = st.datetimes(date_of(1900), date_of(2100)).map(lambda at: at.replace(microsecond=0))
AT = datetime(2026, 11, 24, 7, 30)  # noqa: DTZ001 - a workbook knows no zone
values = st.one_of(
    st.none(), texts, st.booleans(), st.integers(-(10**15), 10**15), st.floats(allow_nan=False, allow_infinity=False, width=32),
    moments, moments.map(datetime.date), moments.map(datetime.time), st.timedeltas(timedelta(0), timedelta(days=9)),
    st.sampled_from(["=1+1", "#N/A", "_x000D_", " spaces ", "'+62", "line\nbreak", "<&>"]),
)  # fmt: skip
sheets = st.lists(st.lists(st.tuples(values, st.sampled_from(FORMATS)), max_size=6), max_size=8)


def read(data: bytes) -> list[tuple[int, list[Any]]]:
    return [(number, cells) for number, cells in sheet_rows(data, **LIMITS) if any(cell is not None for cell in cells)]


def as_openpyxl_reads(data: bytes) -> list[tuple[int, list[Any]]]:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    sheet.reset_dimensions()
    found = []
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        row = [{"f": Formula, "e": ErrorValue}.get(cell.data_type, cell.value) for cell in cells]
        while row and row[-1] is None:
            row.pop()
        if row:
            found.append((number, row))
    return found


def written_by_openpyxl(rows: Sequence[Sequence[tuple[Any, str]]], *, from_1904: bool = False) -> bytes:
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = CALENDAR_MAC_1904
    for number, row in enumerate(rows, start=1):
        for place, (value, shown) in enumerate(row, start=1):
            cell = book.active.cell(number * 2, place, value)
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                cell.number_format = shown
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def written_by_xlsxwriter(rows: Sequence[Sequence[tuple[Any, str]]], options: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd hh:mm:ss", **options}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, (value, shown) in enumerate(row):
                sheet.write(
                    number, place, value, *([book.add_format({"num_format": shown})] if type(value) is int else [])
                )
    return file.getvalue()


def equal(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, timedelta) and isinstance(theirs, timedelta):
        return abs(mine - theirs) <= timedelta(milliseconds=1)
    return type(mine) is type(theirs) and mine == theirs


def same(mine: list[tuple[int, list[Any]]], theirs: list[tuple[int, list[Any]]]) -> None:
    assert [(number, len(row)) for number, row in mine] == [(number, len(row)) for number, row in theirs]
    wrong = [
        (number, cell, other)
        for (number, row), (_, their_row) in zip(mine, theirs, strict=True)
        for cell, other in zip(row, their_row, strict=True)
        if not equal(cell, other)
    ]
    assert wrong == []


@given(sheets, st.booleans())
@settings(max_examples=60)
def test_what_openpyxl_writes_is_read_as_it_reads_it(rows: list[list[tuple[Any, str]]], from_1904: bool) -> None:
    data = written_by_openpyxl(rows, from_1904=from_1904)
    same(read(data), as_openpyxl_reads(data))


@given(sheets, st.sampled_from([{}, {"constant_memory": True}, {"date_1904": True}]))
@settings(max_examples=60)
def test_what_xlsxwriter_writes_is_read_as_openpyxl_reads_it(
    rows: list[list[tuple[Any, str]]], options: dict[str, Any]
) -> None:
    data = written_by_xlsxwriter(rows, options)
    same(read(data), as_openpyxl_reads(data))


ROWS = [
    [("Nama", "General"), (12.5, "General"), (45_985, "dd/mm/yyyy"), (True, "General"), ("é" * 30, "@")],
    [
        (date(2026, 11, 24), ""),
        (time(7, 30), ""),
        (AT, ""),
        (1.25, "[h]:mm:ss"),
        ("=1+1", ""),
    ],
]


@pytest.mark.parametrize("size", [1, 7, 100])
def test_parts_may_be_cut_anywhere(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    data = written_by_openpyxl(ROWS)
    monkeypatch.setattr(workbook, "PIECE", size)
    same(read(data), as_openpyxl_reads(data))


def changed(data: bytes, old: str, new: str) -> bytes:
    """Every part with one text in place of another."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for part in before.namelist():
            after.writestr(part, before.read(part).decode().replace(old, new))
    return file.getvalue()


def test_other_writers_name_things_otherwise() -> None:
    data = written_by_openpyxl(ROWS)
    plain = read(data)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = changed(data, main, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    assert read(strict) == plain
    far = changed(changed(data, "/xl/worksheets/sheet1.xml", "worksheets/sheet1.xml"), "/xl/styles.xml", "styles.xml")
    assert read(far) == plain
    sheet = (
        f'<worksheet xmlns="{main}"><sheetData><row><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>'
    )
    prefixed = (
        sheet.replace("xmlns=", "xmlns:x=").replace("<", "<x:").replace("<x:/", "</x:") + "</x:sheetData></x:worksheet>"
    )
    for content in (f"{sheet}</sheetData></worksheet>", prefixed):
        assert read(with_sheet(data, content)) == [(1, ["ab"])]


def with_sheet(data: bytes, content: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for part in before.namelist():
            after.writestr(part, content if part.endswith("sheet1.xml") else before.read(part))
    return file.getvalue()


def test_formatted_text_is_its_words_and_how_they_are_said_is_not() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = CellRichText(TextBlock(InlineFont(b=True), "Kayu "), "Contoh")
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()) == [(1, ["Kayu Contoh"])]
    said = changed(file.getvalue(), "Contoh</t></r>", 'Contoh</t></r><rPh sb="0" eb="1"><t>ka-yu</t></rPh>')
    assert said != file.getvalue()
    assert read(said) == [(1, ["Kayu Contoh"])]


def test_the_first_sheet_is_read_and_no_chart() -> None:
    book = openpyxl.Workbook()
    book.active.append(["second"])
    book.create_chartsheet("Chart", 0)
    book.create_sheet("First", 0).append(["first"])
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()) == [(1, ["first"])]
