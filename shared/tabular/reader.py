"""Reads the rows of an uploaded spreadsheet, XLSX or CSV, strictly and one at a time.

What cannot be read at all is `Unreadable` with a code: another format, a file that unpacks to more than allowed, broken
XML, another encoding than UTF-8. What is wrong with one cell is kept with the cell: a formula, an error value, too long a
text. Cells come as texts: whole numbers without a fraction, dates as YYYY-MM-DD; a cell remembers that it was a number,
since numbers lose leading zeros and, beyond fifteen digits, their end.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from shared.tabular.cells import DANGEROUS
from shared.tabular.media_types import XLSX

MOST_COLUMNS: Final = 100
MOST_PARTS: Final = 500  # files inside a workbook
LONGEST_CELL: Final = 1_000
EXACT_DIGITS: Final = 15
COMMENT: Final = "#"
FAULTY: Final = {"f": "formula", "e": "error-value"}  # by the type that a workbook gives a cell
_BROKEN: Final = (
    zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, OSError, RuntimeError, NotImplementedError, OverflowError,
)  # fmt: skip

# it warns of extensions that it leaves out, which are of no concern here
warnings.filterwarnings("ignore", module=r"openpyxl\..*")


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


def read_rows(data: bytes, media_type: str, *, most_unpacked: int, most_rows: int) -> Iterator[SheetRow]:
    """Yield the rows, heading included; empty ones and comments (`#` at the start) are left out."""
    rows = _xlsx_rows(data, most_unpacked) if media_type == XLSX else _csv_rows(data)
    row_count = 0
    for number, cells in rows:
        if not any(cell.text or cell.fault for cell in cells) or cells[0].text.startswith(COMMENT):
            continue
        row_count += 1
        if row_count > most_rows + 1:
            raise Unreadable("too-many-rows", number)
        yield SheetRow(number, cells)


def _xlsx_rows(data: bytes, most_unpacked: int) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    import openpyxl  # uploads are rare and their reader is large

    try:
        _require_modest(data, most_unpacked)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
            yield number, tuple(map(_xlsx_cell, _without_empty_end(cells)))
    except _BROKEN:
        raise Unreadable("not-xlsx") from None


def _require_modest(data: bytes, most_unpacked: int) -> None:
    """Refuse what unpacks to more than allowed; a part that holds more than it says is refused when it is read."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_unpacked:
            raise Unreadable("unpacks-too-large")


def _without_empty_end(cells: Sequence[Any]) -> Sequence[Any]:
    """Return the cells up to the last that holds something: the reader fills every row up to the most columns."""
    width = len(cells)
    while width > 1 and cells[width - 1].value is None:
        width -= 1
    return cells[:width]


def _xlsx_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell()
    if cell.data_type in FAULTY:
        return Cell(fault=FAULTY[cell.data_type])
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


def _csv_rows(data: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        raise Unreadable("not-utf8-csv", 1)
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    try:
        heading = text.readline()
        text.seek(0)
        reader = csv.reader(text, delimiter=_delimiter(heading), strict=True)
        number = 0
        for number, row in enumerate(reader, start=1):
            yield number, tuple(_text(value) for value in row[:MOST_COLUMNS]) or (Cell(),)
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
