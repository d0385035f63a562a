"""Files made to be read for ever, or to fill the memory: refused soon, and little is kept of them meanwhile."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from time import thread_time

import pytest
import xlsxwriter

from shared.tabular.media_types import CSV, XLSX
from shared.tabular.reader import Unreadable, read_rows
from shared.tabular.workbook_parts import MOST_ROWS

LIMITS = {"most_unpacked": 60_000_000, "most_rows": 10_000}
MOST_SECONDS = 3.0  # of work
SOON = 30.0  # of work, on a machine that is slow; what these files asked for took minutes
MOST_MEMORY = 60_000_000
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADING = '<row r="1"><c r="A1" t="inlineStr"><is><t>Nama</t></is></c></row>'


SHEET, STRINGS, STYLES, BOOK = (
    f"xl/{part}.xml" for part in ("worksheets/sheet1", "sharedStrings", "styles", "workbook")
)


def workbook(rows: str, **parts: str) -> bytes:
    """A workbook with these rows in its sheet, and other parts in place of its own."""
    plain, file = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet().write(0, 0, "Nama")
    changed = {SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{HEADING}{rows}</sheetData></worksheet>', **parts}
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        assert changed.keys() <= set(old.namelist())
        for part in old.namelist():
            new.writestr(part, changed.get(part, old.read(part)))
    return file.getvalue()


def texts(content: str) -> str:
    return f'<sst xmlns="{MAIN}">{content}</sst>'


def with_many_parts() -> bytes:
    file = io.BytesIO(workbook(""))
    with zipfile.ZipFile(file, "a") as package:
        for number in range(30_000):
            package.writestr(f"{number}", b"")
    return file.getvalue()


ASKING = '<row r="2"><c r="A2" t="s"><v>2000000</v></c></row>'
HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "a gap of millions": (lambda: workbook('<row r="6000000"><c><v>1</v></c></row>'), XLSX, "too-many-rows"),
    "a gap without an end": (lambda: workbook('<row r="1e9"><c><v>1</v></c></row>'), XLSX, "too-many-rows"),
    "no number": (lambda: workbook('<row r="1e999"><c><v>1</v></c></row>'), XLSX, "not-xlsx"),
    "millions of empty rows": (lambda: workbook("<row/>" * 3_000_000), XLSX, "too-many-rows"),
    "millions of the same row": (lambda: workbook('<row r="1"/>' * 3_000_000), XLSX, "too-many-rows"),
    "a row of millions of cells": (lambda: workbook(f"<row>{'<c/>' * 10_000_000}</row>"), XLSX, "unpacks-too-large"),
    "a cell in a far column": (lambda: workbook('<row><c r="ZZZZZZZ2"><v>1</v></c></row>'), XLSX, "not-xlsx"),
    "a text without an end": (lambda: workbook(f'<row><c t="str"><v>{"x" * 50_000_000}'), XLSX, "not-xlsx"),
    "an attribute without an end": (lambda: workbook(f'<row><c t="{"x" * 50_000_000}"/></row>'), XLSX, "unpacks-too-large"),
    "a tag of millions of attributes": (
        lambda: workbook("<row " + " ".join(f"a{number}='1'" for number in range(1_000_000)) + "/>"),
        XLSX,
        "unpacks-too-large",
    ),
    "a comment without an end": (lambda: workbook(f"<!--{'-x' * 20_000_000}"), XLSX, "unpacks-too-large"),
    "elements in elements": (lambda: workbook("<a>" * 10_000_000), XLSX, "unpacks-too-large"),
    "millions of shared texts": (
        lambda: workbook(ASKING, **{STRINGS: texts("<si><t>xyz</t></si>" * 3_000_000)}), XLSX, "unpacks-too-large",
    ),
    "a shared text of millions of parts": (
        lambda: workbook(ASKING, **{STRINGS: texts(f"<si>{'<r><t>xyz</t></r>' * 3_000_000}</si>")}), XLSX, "unpacks-too-large",
    ),
    "millions of formats": (
        lambda: workbook("", **{STYLES: f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 8_000_000}'}), XLSX, "unpacks-too-large",
    ),
    "a format that is hard to read": (
        lambda: workbook('<row r="2"><c r="A2" s="1"><v>1</v></c></row>', **{STYLES: hard_format()}), XLSX, "",
    ),
    "millions of sheets": (
        lambda: workbook("", **{BOOK: f'<workbook xmlns="{MAIN}"><sheets>{"<sheet/>" * 5_000_000}'}), XLSX, "unpacks-too-large",
    ),
    "thousands of parts": (with_many_parts, XLSX, "unpacks-too-large"),
    "millions of lines": (lambda: b"Nama\n" + b"\n" * 4_900_000, CSV, "too-many-rows"),
    "a line of millions of cells": (lambda: b"Nama\n" + b"," * 4_900_000, CSV, ""),
    "millions of lines of blanks": (lambda: b"Nama\n" + b" \n" * 2_450_000, CSV, "too-many-rows"),
    "millions of comments": (lambda: b"Nama\n" + b"#\n" * 2_400_000, CSV, "too-many-rows"),
    "a million comments of cells": (lambda: b"Nama\n" + b"#,a\n" * 1_040_000, CSV, "too-many-rows"),
    "a million rows of comments": (
        lambda: workbook('<row><c t="str"><v>#</v></c></row>' * 1_000_000), XLSX, "too-many-rows",
    ),
}  # fmt: skip


def hard_format() -> str:
    brackets = "[" * 200_000
    formats = f'<numFmts><numFmt numFmtId="200" formatCode="{brackets}"/></numFmts>'
    return f'<styleSheet xmlns="{MAIN}">{formats}<cellXfs><xf/><xf numFmtId="200"/></cellXfs></styleSheet>'


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_asks_for_more_than_is_given_to_one_is_refused_soon(kind: str) -> None:
    make, media_type, code = HOSTILE[kind]
    data = make()
    assert len(data) < 5_000_000, "such a file is taken for import"
    began, refusal = thread_time(), ""
    try:
        for _ in read_rows(data, media_type, most_seconds=MOST_SECONDS, **LIMITS):
            pass
    except Unreadable as unreadable:
        refusal = unreadable.code
    assert refusal == code
    assert thread_time() - began < SOON


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_fills_no_memory(kind: str) -> None:
    make, media_type, _ = HOSTILE[kind]
    data = make()
    tracemalloc.start()
    try:
        for _ in read_rows(data, media_type, most_seconds=1, **LIMITS):
            pass
    except Unreadable:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MOST_MEMORY


def test_a_gap_costs_nothing() -> None:
    far = workbook(
        "".join(f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>' for number in (2, 519, MOST_ROWS))
    )
    assert [row.number for row in read_rows(far, XLSX, most_seconds=0.5, **LIMITS)] == [1, 2, 519, MOST_ROWS]


LONG = {
    XLSX: (lambda: workbook("<row><c><v>1</v></c></row>" * 9_000), "unpacks-too-large"),
    CSV: (lambda: b"1,2,3\n" * 9_000, "too-many-rows"),
}


@pytest.mark.parametrize("media_type", LONG)
def test_the_work_on_one_file_has_an_end(media_type: str) -> None:
    make, code = LONG[media_type]
    with pytest.raises(Unreadable) as refused:
        list(read_rows(make(), media_type, most_seconds=0.001, **LIMITS))
    assert refused.value.code == code


@pytest.mark.parametrize("line", [b"\n", b"#\n", b"# a,b\n", b" ,\n"])
def test_every_line_counts_whatever_it_holds(line: bytes) -> None:
    few = {"most_unpacked": 1_000_000, "most_rows": 9, "most_seconds": 60}
    assert len(list(read_rows(b"Nama\n" + line * 98 + b"Ratna\n", CSV, **few))) == 2
    with pytest.raises(Unreadable) as refused:
        list(read_rows(b"Nama\n" + line * 99 + b"Ratna\n", CSV, **few))
    assert (refused.value.code, refused.value.row) == ("too-many-rows", 101)
