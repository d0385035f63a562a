"""Uploads as people send them: what is read, what is refused and where."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from shared.tabular.media_types import CSV, XLSX
from shared.tabular.reader import LONGEST_CELL, Cell, Unreadable, read_rows

LIMITS = {"most_unpacked": 1_000_000, "most_rows": 100, "most_seconds": 60}


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet(*rows: list[str], delimiter: str = ",") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode()


def read(data: bytes, media_type: str = XLSX, **limits: int) -> list[tuple[int, list[Cell]]]:
    return [(row.number, list(row.cells)) for row in read_rows(data, media_type, **{**LIMITS, **limits})]


def why(data: bytes, media_type: str = XLSX, **limits: int) -> tuple[str, int | None]:
    with pytest.raises(Unreadable) as refused:
        read(data, media_type, **limits)
    return refused.value.code, refused.value.row


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("0012345678901", Cell("0012345678901")),
        (12345678901, Cell("12345678901", numeric=True)),
        (12.0, Cell("12", numeric=True)),
        (12.5, Cell("12.5", numeric=True)),
        (1234567890123456, Cell(fault="digits-lost")),
        (datetime(2026, 11, 24, tzinfo=UTC).replace(tzinfo=None), Cell("2026-11-24")),
        (True, Cell("true")),
        ("=1+1", Cell(fault="formula")),
        ("=HYPERLINK(1)", Cell(fault="formula")),
        ("#N/A", Cell(fault="error-value")),
        ("x" * LONGEST_CELL, Cell("x" * LONGEST_CELL)),
        ("x" * (LONGEST_CELL + 1), Cell(fault="cell-too-long")),
        ("  Kayu Contoh ", Cell("Kayu Contoh")),
        ("'+6281234567890", Cell("+6281234567890")),
        ("O'Hara", Cell("O'Hara")),
    ],
)
def test_a_cell_comes_as_text_or_says_what_is_wrong_with_it(value: Any, cell: Cell) -> None:
    assert read(workbook(["a", value]))[0][1][1] == cell


def test_rows_keep_their_numbers_and_empty_ones_and_comments_are_left_out() -> None:
    rows = [["Nama"], ["# wajib"], [None], ["Ratna"], ["  "], ["Wulan"]]
    assert [(number, cells[0].text) for number, cells in read(workbook(*rows))] == [
        (1, "Nama"),
        (4, "Ratna"),
        (6, "Wulan"),
    ]
    text = sheet(["Nama"], ["# wajib"], [""], ["Ratna"], [" "], ["Wulan"])
    assert [(number, cells[0].text) for number, cells in read(text, CSV)] == [(1, "Nama"), (4, "Ratna"), (6, "Wulan")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_is_read_however_it_was_saved(delimiter: str, mark: bytes) -> None:
    data = mark + sheet(["Nama", "NIB"], ["Toko, Maju; Jaya", "0012345678901"], delimiter=delimiter)
    assert [cell.text for cell in read(data, CSV)[0][1]] == ["Nama", "NIB"]
    assert [cell.text for cell in read(data, CSV)[1][1]] == ["Toko, Maju; Jaya", "0012345678901"]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"Nama\r\nS\xfcleyman\r\n", ("not-utf8-csv", 2)),
        ("Nama\r\nRatna".encode("utf-16"), ("not-utf8-csv", 1)),
        (b'Nama\r\n"Ratna"x\r\n', ("not-csv", 2)),
        (b"Nama\r\n" + b"x" * 200_000, ("not-csv", 2)),
    ],
)
def test_csv_that_cannot_be_read_is_refused_with_its_line(data: bytes, refusal: tuple[str, int]) -> None:
    assert why(data, CSV) == refusal


def repacked(data: bytes, **changed: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, changed.get(part.rpartition("/")[2].partition(".")[0], old.read(part)))
    return file.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = repacked(workbook(["Nama"]), sheet1=b" " * 50_000_000)
    assert len(data) < 100_000
    assert why(data) == ("unpacks-too-large", None)


def test_entities_that_multiply_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "%s">%s]><worksheet>&z;</worksheet>' % (
        b"ha" * 50,
        b"".join(
            b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 40) for letter in b"bcdefghijklmnopqrstuvwxyz"
        ),
    )
    assert why(repacked(workbook(["Nama"]), sheet1=bomb)) == ("not-xlsx", None)


@pytest.mark.parametrize("data", [b"", b"Nama", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    assert why(data) == ("not-xlsx", None)


def test_broken_parts_are_refused() -> None:
    data = workbook(["Nama"], ["Ratna"])
    assert why(repacked(data, sheet1=b"<worksheet><sheetData><row")) == ("not-xlsx", None)
    assert why(data[: len(data) // 2]) == ("not-xlsx", None)


def test_a_sheet_that_claims_to_be_huge_is_read_as_it_is() -> None:
    data = workbook(["Nama"], ["Ratna"])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet1 = package.read("xl/worksheets/sheet1.xml")
    claimed = sheet1.replace(b'<dimension ref="A1:A2" />', b'<dimension ref="A1:XFD1048576" />')
    assert claimed != sheet1
    assert [cells[0].text for _, cells in read(repacked(data, sheet1=claimed))] == ["Nama", "Ratna"]


def test_more_rows_than_allowed_are_refused_where_they_begin() -> None:
    rows = [["Nama"], *([f"Orang {number}"] for number in range(4))]
    assert len(read(workbook(*rows), most_rows=4)) == 5
    assert why(workbook(*rows), most_rows=3) == ("too-many-rows", 5)
    assert why(sheet(*rows), CSV, most_rows=3) == ("too-many-rows", 5)


@pytest.mark.parametrize("media_type", [CSV, XLSX])
def test_memory_does_not_grow_with_the_rows(media_type: str) -> None:
    def peak(count: int) -> int:
        rows = [["Nama", "Jabatan"], *([f"Orang {number}", "worker"] for number in range(count))]
        data = sheet(*rows) if media_type == CSV else workbook(*rows)
        tracemalloc.start()
        limits = {**LIMITS, "most_unpacked": 10_000_000, "most_rows": count}
        taken = sum(1 for _ in read_rows(data, media_type, **limits))
        found = tracemalloc.get_traced_memory()[1] - len(data)
        tracemalloc.stop()
        assert taken == count + 1
        return found

    peak(10)  # what the first file loads is not the rows'
    # a workbook's own table of texts grows by 200 kB, and other threads allocate too; rows that piled up took 1,300 kB
    assert peak(4_000) - peak(400) < 600_000
