"""Reads the rows of an uploaded spreadsheet, XLSX or CSV, strictly and one at a time, in bounded memory and time.

What cannot be read at all is `Unreadable` with a code: another format, a file that unpacks to more than allowed, broken
XML, another encoding than UTF-8. What is wrong with one cell is kept with the cell: a formula, an error value, too long a
text. Cells come as texts: whole numbers without a fraction, dates as YYYY-MM-DD; a cell remembers that it was a number,
since numbers lose leading zeros and, beyond fifteen digits, their end.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from time import thread_time
from typing import Any, Final, TypeAlias
from xml.parsers.expat import ExpatError

from shared.tabular.cells import DANGEROUS
from shared.tabular.media_types import XLSX
from shared.tabular.workbook import sheet_rows
from shared.tabular.workbook_parts import MOST_COLUMNS, ErrorValue, Exhausting, Formula

LONGEST_CELL: Final = 1_000
EXACT_DIGITS: Final = 15
COMMENT: Final = "#"
LINES_OF_A_ROW: Final = (
    10  # that are read for each row taken: comments and what a spreadsheet saves as empty lines cost the same
)
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, ExpatError, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, OSError, RuntimeError, NotImplementedError, OverflowError,
)  # fmt: skip


class Unreadable(Exception):
    """The file as a whole cannot be taken; `code` says why, `row` where it is known."""

    def __init__(self, code: str, row: int | None = None) -> None:
        super().__init__(code)
        self.code, self.row = code, row


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as text; `fault` is the code of what is wrong with it, `numeric` whether the file held a number."""

    text: str = ""
    numeric: bool = False
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not empty, with its number in the sheet."""

    number: int
    cells: tuple[Cell, ...]


Numbered: TypeAlias = tuple[int, tuple[Cell, ...]]


def read_rows(
    data: bytes, media_type: str, *, most_unpacked: int, most_rows: int, most_seconds: float
) -> Iterator[SheetRow]:
    """Yield the rows, heading included; empty ones and comments (`#` at the start) are left out, and counted.

    `most_seconds` of work are given to the reading, whatever is done with the rows meanwhile.
    """
    rows = _xlsx_rows(data, most_unpacked, most_seconds) if media_type == XLSX else _csv_rows(data, most_seconds)
    row_count = 0
    for line_count, (number, cells) in enumerate(rows, start=1):
        if line_count > (most_rows + 1) * LINES_OF_A_ROW:
            raise Unreadable("too-many-rows", number)
        if not any(cell.text or cell.fault for cell in cells) or cells[0].text.startswith(COMMENT):
            continue
        row_count += 1
        if row_count > most_rows + 1:
            raise Unreadable("too-many-rows", number)
        yield SheetRow(number, cells)


def _xlsx_rows(data: bytes, most_unpacked: int, most_seconds: float) -> Iterator[Numbered]:
    rows = sheet_rows(data, most_unpacked=most_unpacked, most_seconds=most_seconds, longest=LONGEST_CELL)
    try:
        for number, values in rows:
            yield number, tuple(map(_xlsx_cell, values))
    except Exhausting as exhausting:
        raise Unreadable(exhausting.code) from None
    except _BROKEN:
        raise Unreadable("not-xlsx") from None


def _xlsx_cell(value: Any) -> Cell:
    if value is None:
        return Cell()
    if value is Formula or value is ErrorValue:
        return Cell(fault="formula" if value is Formula else "error-value")
    if isinstance(value, bool):
        return Cell("true" if value else "false")
    if isinstance(value, (int, float)):
        return _number(value)
    return _text(value) if isinstance(value, str) else Cell(_date_text(value))


def _date_text(value: Any) -> str:
    """Return a date as YYYY-MM-DD, also where it came as midnight."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _number(value: float) -> Cell:
    whole = isinstance(value, int) or value.is_integer()
    text = str(int(value)) if whole else repr(value)
    if whole and len(text.lstrip("-")) > EXACT_DIGITS:
        return Cell(fault="digits-lost")
    return Cell(text, numeric=True)


def _text(text: str) -> Cell:
    if len(text) > LONGEST_CELL:
        return Cell(fault="cell-too-long")
    if text.startswith("'") and text[1:].startswith(DANGEROUS):
        text = text[1:]  # the mark that an export puts before what looks like a formula
    elif text.startswith("="):
        return Cell(fault="formula")
    return Cell(text.strip())


def _csv_rows(data: bytes, most_seconds: float) -> Iterator[Numbered]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        raise Unreadable("not-utf8-csv", 1)
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    try:
        heading = text.readline()
        text.seek(0)
        reader = csv.reader(text, delimiter=_delimiter(heading), strict=True)
        number = 0
        while True:
            began = thread_time()
            row = next(reader, None)
            if row is None:
                return
            number += 1
            cells = tuple(map(_text, row[:MOST_COLUMNS]))
            most_seconds -= thread_time() - began
            if most_seconds < 0:
                raise Unreadable("too-many-rows", number)
            yield number, cells
    except UnicodeDecodeError as undecodable:
        raise Unreadable("not-utf8-csv", _line_of(data, undecodable)) from None
    except csv.Error:
        raise Unreadable("not-csv", number + 1) from None


def _delimiter(heading: str) -> str:
    """Return comma, semicolon or tab, whichever the heading uses most: Indonesian spreadsheets save with semicolons."""
    return max(",;\t", key=heading.count)


def _line_of(data: bytes, undecodable: UnicodeDecodeError) -> int | None:
    """Return the line that is not UTF-8; the decoder only knows the place within its own buffer."""
    del undecodable
    for number, line in enumerate(io.BytesIO(data), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return number
    return None
