"""Rows of sheets as bodies of requests: headings in any form, cells of any kind, errors by row and column."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from marshmallow import fields

from services.enrollment.imports.kinds import KINDS, digest_of
from services.enrollment.imports.labels import FORMER_HEADINGS, WORDS
from services.enrollment.imports.labels import KINDS as KIND_NAMES
from services.enrollment.imports.model import Import
from services.enrollment.imports.sheet import BadHeadings, Sheet, _reader_of, choices_of, errors_of
from services.enrollment.imports.template import template_csv, template_xlsx
from shared.i18n.catalogues import catalogues
from shared.kernel import ids
from shared.tabular.columns import columns_of
from shared.tabular.media_types import CSV, XLSX
from shared.tabular.reader import Cell, SheetRow, read_rows
from shared.web.fields import Flag
from tests.support.catalogues import catalogues_of

LIMITS = {"most_unpacked": 10_000_000, "most_rows": 100, "most_seconds": 60}
PERSON = {"enterprise_nib": "0012345678901", "name": "Ratna", "sex": "female", "role": "worker"}


@pytest.fixture(autouse=True)
def in_enrollments_words() -> Iterator[None]:
    with catalogues_of("enrollment").in_use():
        yield


def row(number: int, *cells: str | Cell) -> SheetRow:
    return SheetRow(number, tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells))


def checked(kind: str, given: dict[str, Any]) -> Any:
    sheet = Sheet(KINDS[kind], row(1, *given))
    return sheet.check(row(7, *given.values()))


def told(kind: str, given: dict[str, Any], language: str = "en") -> list[tuple[int, str, str]]:
    return [
        (error.row, error.column, error.code)
        for error in errors_of(checked(kind, given), Import(id=ids.new(), language=language))
    ]


@pytest.mark.parametrize("language", ["id", "en", None])
@pytest.mark.parametrize("kind", KINDS)
def test_headings_are_known_by_field_and_by_words_of_either_language(kind: str, language: str | None) -> None:
    columns = KINDS[kind].columns
    headings = [column.called(language) if language else column.key for column in columns]
    assert len({heading.casefold() for heading in headings}) == len(headings)
    assert Sheet(KINDS[kind], row(1, *headings))._headings == {
        column.key: heading for column, heading in zip(columns, headings, strict=True)
    }


def test_headings_of_earlier_templates_are_known() -> None:
    """People fill in the template that they have."""
    former = {column.called("id", FORMER_HEADINGS) for kind in KINDS.values() for column in kind.columns}
    assert {
        "Narahubung: surel",
        "Kelas ukuran",
        "Sumber kelas ukuran",
        "ID penyelenggara",
        "Alasan bukan duplikat",
    } <= former
    for kind in KINDS.values():
        written = [column.called("id", FORMER_HEADINGS) for column in kind.columns]
        assert list(Sheet(kind, row(1, *written))._headings) == [column.key for column in kind.columns]


def test_headings_that_do_not_fit_are_all_named() -> None:
    with pytest.raises(BadHeadings) as bad:
        Sheet(KINDS["participants"], row(1, "Nama", "Nama", "Agama", "", "Jabatan"))
    assert [(fault.code, fault.detail.values) for fault in bad.value.faults if fault.detail] == [
        ("column-twice", {"columns": "Nama"}),
        ("unknown-column", {"columns": "Agama"}),
        ("column-missing", {"columns": "Jenis kelamin"}),
    ]
    with pytest.raises(BadHeadings) as bad:
        Sheet(KINDS["participants"], row(1, *(f"{number:03}" * 100 for number in range(40))))
    assert all(len(str(fault.detail)) < 1_000 for fault in bad.value.faults), "a file decides how long an answer is"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("chosen", KINDS)
@pytest.mark.parametrize("sent", KINDS)
def test_a_sheet_of_another_kind_is_told_once(sent: str, chosen: str, language: str) -> None:
    heading = row(1, *(column.called(language) for column in KINDS[sent].columns))
    if sent == chosen:
        Sheet(KINDS[chosen], heading)
        return
    with pytest.raises(BadHeadings) as bad:
        Sheet(KINDS[chosen], heading)
    (fault,) = bad.value.faults
    assert fault.code == "other-kind"
    assert str(fault.detail).endswith(f": {KIND_NAMES[sent]}. Choose that kind, or another file.")


def test_a_row_becomes_the_body_of_the_request() -> None:
    body = checked("participants", {**PERSON, "consent.purposes": "training, contact", "namesake": "ya"}).body
    assert body["consent"]["purposes"] == ["training", "contact"]
    assert body["namesake"] is True
    assert body["name"] == "Ratna"
    assert "email" not in body
    assert "consent" not in checked("participants", {**PERSON, "consent.purposes": ""}).body


def test_a_province_is_known_by_code_and_name_and_choices_in_any_case() -> None:
    given = {"kind": "UNIVERSITY", "name": "Universitas Contoh", "province": "jawa tengah"}
    body = checked("institutions", given).body
    assert (body["kind"], body["province"]) == ("university", "ID-JT")
    assert checked("institutions", {**given, "province": "id-jt"}).body["province"] == "ID-JT"
    several = {**given, "provinces": "Jawa Tengah, Jawa Barat; id-jk", "languages": "Indonesian, English"}
    body = checked("institutions", several).body
    assert (body["provinces"], body["languages"]) == (["ID-JT", "ID-JB", "ID-JK"], ["id", "en"])
    assert told("institutions", {**given, "province": "ID-JW"}) == [(7, "province", "not-a-choice")]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("name", Cell(fault="formula"), "formula"),
        ("name", Cell(""), "required"),
        ("sex", Cell("perempuan?"), "not-a-choice"),
        ("phone", Cell("8123456", numeric=True), "zeros-lost"),
        ("phone", Cell("812345678"), "wrong-format"),
        ("consent.given_on", Cell("45985", numeric=True), "date-as-number"),
        ("consent.given_on", Cell("24/11"), "wrong-type"),
        ("consent.purposes", Cell("everything"), "not-a-choice"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(column: str, cell: Cell, code: str) -> None:
    given = {**PERSON, "phone": "+6281234567890", "consent.purposes": "training", "consent.given_on": "2026-11-24"}
    assert told("participants", {**given, column: cell}) == [(7, column, code)]


def test_a_sheet_is_read_as_indonesians_write_it() -> None:
    given = {
        "Nama": "Ratna", "Jenis kelamin": "Perempuan", "Jabatan": "Pekerja", "NIB of the enterprise": "0012345678901",
        "consent.purposes": "Pelatihan dan daftar hadir, contact", "consent.given_on": "28 November 2026", "namesake": "Tidak",
    }  # fmt: skip
    body = checked("participants", given).body
    assert (body["sex"], body["role"], body["namesake"]) == ("female", "worker", False)
    assert body["consent"]["purposes"] == ["training", "contact"]
    assert body["consent"]["given_on"] == date(2026, 11, 28)
    for written in ("28/11/2026", "28-11-2026", "Sabtu, 28 November 2026"):
        assert checked("participants", {**given, "consent.given_on": written}).body == body
    assert {checked("participants", {**given, "Jenis kelamin": sex}).body["sex"] for sex in ("P", "wanita")} == {
        "female"
    }


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_template_offers_is_read_and_holds_no_code(kind: str, language: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(KINDS[kind], language)))
    offered = {
        next(iter(cells)).column: [cell.value for cell in cells if cell.value] for cells in book["lists"].iter_cols()
    }
    for place, column in enumerate(KINDS[kind].columns, start=1):
        codes = choices_of(column.field)
        single = not isinstance(column.field, fields.List)
        words = offered.get(place, [])
        assert bool(words) == bool((codes and single) or isinstance(column.field, Flag)), column.key
        read = _reader_of(column)
        assert read is not None or not words
        if words and read is not None and codes:
            assert [read(word) for word in words] == codes
            assert not [word for word in words if re.fullmatch(r"[a-z]+_[a-z_]+|ID-..", str(word))], column.key


def test_a_cell_without_a_heading_is_told() -> None:
    sheet = Sheet(KINDS["participants"], row(1, *PERSON))
    assert [fault.code for _, fault in sheet.check(row(2, *PERSON.values(), "lebih")).faults] == ["beyond-the-columns"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_code_has_words_and_errors_speak_the_language_of_the_sender(language: str) -> None:
    texts = {code: {catalogues().text(words, each) for each in ("id", "en")} for code, words in WORDS.items()}
    assert [code for code, both in texts.items() if len(both) != 2 or not all(both)] == []
    (error,) = errors_of(
        checked("participants", {**PERSON, "name": Cell(fault="formula")}), Import(id=ids.new(), language=language)
    )
    assert error.detail == catalogues().text(WORDS["formula"], language)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_can_be_filled_in_and_sent_as_it_is(kind: str, language: str) -> None:
    for data, media_type in ((template_xlsx(KINDS[kind], language), XLSX), (template_csv(KINDS[kind], language), CSV)):
        (heading,) = read_rows(data, media_type, **LIMITS)
        Sheet(KINDS[kind], heading)


def test_a_template_offers_choices_and_keeps_zeros() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(KINDS["enterprises"], "id")))
    sheet = book.worksheets[0]
    keys = [column.key for column in KINDS["enterprises"].columns]
    offered = {str(check.sqref).partition("3")[0] for check in sheet.data_validations.dataValidation}
    letters = {sheet.cell(1, keys.index(key) + 1).column_letter for key in ("legal_form", "province", "sector")}
    assert letters <= offered
    place = keys.index("nib") + 1
    assert [kept.number_format for kept in sheet.column_dimensions.values() if kept.min <= place <= kept.max] == ["@"]
    assert sheet["A2"].value.startswith("#")


def test_the_same_person_is_the_same_row_and_other_content_is_seen() -> None:
    kind, owner = KINDS["participants"], ids.new()
    first, second = (checked("participants", {**PERSON, "name": name}).body for name in ("Ratna Dewi", " ratna  dewi"))
    assert kind.entry_id(first, owner) == kind.entry_id(second, owner)
    assert kind.entry_id(first, owner) != kind.entry_id(first, ids.new())
    assert digest_of(first) != digest_of({**first, "role": "manager"})


def test_lists_of_objects_are_no_columns_and_money_is_one() -> None:
    keys = [column.key for column in columns_of(KINDS["enterprises"].schema(), loading=True)]
    assert not [key for key in keys if key.endswith((".amount", ".currency"))]
