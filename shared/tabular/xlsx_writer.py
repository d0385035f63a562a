"""Writes a list as an XLSX workbook: one typed column per field, row by row, sent from a file on disk.

Memory does not grow with the list: the writer keeps one row at a time. No cell can become a formula: every text is
written as a text, and one that looks like a formula is marked so that editing it does not make it one. Times are UTC, as
their headings say, since a workbook knows no zones.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import IO, Any, Final

import xlsxwriter
from flask import Response
from marshmallow import Schema, fields
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from shared.kernel import clock
from shared.reference.zones import WIB
from shared.tabular.cells import DANGEROUS, cell, flattened
from shared.tabular.columns import Column, columns_of
from shared.tabular.media_types import XLSX

ROWS_PER_SHEET: Final = 1_048_575  # what a sheet holds below its heading
LONGEST_TEXT: Final = 32_767  # what a cell holds
LARGEST_NUMBER: Final = 10**15  # beyond fifteen digits spreadsheets round
WIDTH: Final = 18
_SENT_AT_ONCE: Final = 65_536
# a workbook turns nothing by itself into links, numbers or formulas, and keeps one row in memory
OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def xlsx_response(name: str, row: Schema, rows: Iterator[Mapping[str, Any]], language: str) -> Response:
    """Send a workbook; it is complete before the headers go out, so that a failure there is still a problem document."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the answer has been sent
    try:
        write_sheets(file, list(columns_of(row)), rows, language)
    except BaseException:
        file.close()
        raise
    response = Response(_file_chunks(file), content_type=XLSX)
    response.content_length = file.tell()
    file.seek(0)
    response.call_on_close(file.close)  # also where the caller hangs up before the end
    filename = f"score-{name.replace('_', '-')}-{clock.today(WIB).isoformat()}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def write_sheets(
    file: IO[bytes],
    columns: list[Column],
    rows: Iterable[Mapping[str, Any]],
    language: str,
    *,
    rows_per_sheet: int = ROWS_PER_SHEET,
) -> None:
    """Write a workbook; where one sheet is full the next goes on. The file is left at its end."""
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        writer = _Writer(book)
        sheet = writer.sheet(columns, language)
        line = 0
        for row in rows:
            if line == rows_per_sheet:
                sheet, line = writer.sheet(columns, language), 0
            line += 1
            flat = dict(flattened(row))
            for place, column in enumerate(columns):
                writer.write(sheet, line, place, column.field, flat.get(column.key))
    file.seek(0, 2)


class _Writer:
    """Writes cells of each type in their format."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._text = book.add_format({"num_format": "@"})
        self._marked = book.add_format({"num_format": "@", "quote_prefix": True})
        self._date = book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def sheet(self, columns: list[Column], language: str) -> Worksheet:
        sheet = self._book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(columns) - 1, 0), WIDTH)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.called(language), self._bold)
        return sheet

    def write(self, sheet: Worksheet, line: int, place: int, field: fields.Field[Any], value: Any) -> None:
        if value is None or value == "":
            return
        moment = _time(field, value)
        if moment is not None:
            sheet.write_datetime(line, place, moment, self._moment if isinstance(moment, datetime) else self._date)
        elif isinstance(value, bool):
            sheet.write_boolean(line, place, value)
        elif isinstance(value, (int, float)) and abs(value) < LARGEST_NUMBER:
            sheet.write_number(line, place, value)
        else:
            text = plain(value)[:LONGEST_TEXT]
            sheet.write_string(line, place, text, self._format(text))

    def _format(self, text: str) -> Format:
        return self._marked if text.startswith(DANGEROUS) else self._text


def plain(value: Any) -> str:
    """Return a value as text; the items of a list in a row."""
    if isinstance(value, (list, tuple)) and not any(isinstance(item, Mapping) for item in value):
        return " ".join(plain(item) for item in value)
    return value if isinstance(value, str) else str(cell(value))


def _time(field: fields.Field[Any], value: Any) -> date | datetime | None:
    """Return the date or the UTC time that a dumped text stands for; None where it is neither."""
    if not isinstance(value, str):
        return None
    if isinstance(field, fields.Date):
        return date.fromisoformat(value)
    if isinstance(field, fields.DateTime):
        return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
    return None


def _file_chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_SENT_AT_ONCE):
            yield chunk
