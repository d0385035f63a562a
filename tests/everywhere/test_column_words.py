"""Every column of every list and import, and every field of every form, is called in words, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from services.enrollment.imports.kinds import KINDS
from services.enrollment.imports.sheet import choices_of
from shared.i18n.catalogues import SHARED
from shared.i18n.extraction import strings_of
from shared.kernel.message import CONTEXT
from shared.kernel.service import Service, declared
from shared.reference.provinces import PROVINCES
from shared.tabular.columns import Column, columns_of
from shared.web.pages.declare import Pages
from tests.support.catalogues import catalogues_of

# what no language says otherwise
WRITTEN_SO = {
    "PT",
    "CV",
    "UD",
    "Koperasi",
    "Firma",
    "Yayasan",
    "WIB (Jakarta)",
    "WIB (Pontianak)",
    "WITA (Makassar)",
    "WIT (Jayapura)",
}


def forms() -> Iterator[tuple[str, Service, list[Column]]]:
    for service in declared():
        for page in (page for pages in service.pages for page in pages if page.body is not None):
            yield page.name, service, list(columns_of(page.body(), loading=True))


def sheets() -> Iterator[tuple[str, Service, list[Column]]]:
    for service in declared():
        for route in (route for routes in service.routes for route in routes.declared):
            if route.listing is not None:
                yield route.operation, service, list(columns_of(route.listing.row))
        if service.name == "enrollment":
            yield from ((f"import_{kind.name}", service, kind.columns) for kind in KINDS.values())


SHEETS = [pytest.param(service, columns, id=name) for name, service, columns in sheets()]


FORMS = [pytest.param(service, columns, id=f"{service.name}-{name}") for name, service, columns in forms()]


def with_parts(columns: Iterable[Column]) -> Iterator[Column]:
    for column in columns:
        yield column
        yield from with_parts(column.parts)


@cache
def texts_of(folder: Path) -> set[str]:
    """What the code and the templates of a folder mark for its catalogue."""
    return {f"{text.context}{CONTEXT}{text.id}" if text.context else str(text.id) for text in strings_of(folder)}


@pytest.mark.parametrize(("service", "columns"), [*SHEETS, *FORMS])
def test_every_column_and_field_has_words_in_the_catalogues(service: Service, columns: list[Column]) -> None:
    marked = texts_of(SHARED.parent) | texts_of(service.folder)
    for label in (label for column in with_parts(columns) for label in column.labels):
        assert label in marked, f"{label!r} is made of a field's name"


LISTS = [
    pytest.param(service, list(columns_of(page.rows())), id=f"{service.name}-{page.name}")
    for service in declared()
    for page in Pages.joined(service.pages)
    if page.rows is not None
]


@pytest.mark.parametrize(("service", "columns"), LISTS)
def test_every_code_in_a_list_that_people_load_down_has_words_in_the_catalogues(
    service: Service, columns: list[Column]
) -> None:
    marked = texts_of(SHARED.parent) | texts_of(service.folder) | set(PROVINCES.values()) | WRITTEN_SO
    for column in with_parts(columns):
        for code in choices_of(column.field):
            label = column.codes.get(code, code if code.isdecimal() else "")
            words = label if isinstance(label, str) else label[0]
            assert words in marked or code.isdecimal(), f"{column.key}: {code} has no words in CODES of its schema"


@pytest.mark.parametrize(("service", "columns"), SHEETS)
def test_no_two_columns_of_a_sheet_are_called_the_same(service: Service, columns: list[Column]) -> None:
    with catalogues_of(service.name).in_use():
        for language in ("id", "en"):
            headings = [column.called(language) for column in columns]
            twice = {heading for heading in headings if headings.count(heading) > 1}
            assert twice == set(), f"services/{service.name}/locale/id/messages.po"


HEADINGS = {
    "list_invoices": (
        (
            "ID, Versi, Dibuat (UTC), Diubah (UTC), Nomor, Status, ID pembayar, Jenis pembayar, ID usaha, Modul, ID pelatihan, "
            "Terlaksana pada, Bagian, Putaran, ID lembaga pelatihan, Neto, Mata uang neto, Pajak, Mata uang pajak, Total, "
            "Mata uang total, Terbit pada, Jatuh tempo pada, Sudah dibayar, Mata uang yang sudah dibayar, Belum dibayar, "
            "Mata uang yang belum dibayar, Perlu nota kredit, Nomor nota kredit, Dikreditkan pada, Alasan nota kredit, "
            "ID rangkaian"
        ),
        (
            "ID, Version, Created (UTC), Updated (UTC), Number, State, Payer ID, Payer kind, Enterprise ID, Module, Training ID, "
            "Delivered on, Tranche, Round, Provider ID, Net, Currency of the net, Tax, Currency of the tax, Total, "
            "Currency of the total, Issued on, Due on, Paid, Currency of what is paid, "
            "Still to be paid, Currency of what is still to be paid, "
            "Needs a credit note, Number of the credit note, Credited on, Why it was credited, Story ID"
        ),
    ),
    "list_journeys": (
        (
            "ID, Versi, Dibuat (UTC), Diubah (UTC), ID usaha, Modul, ID lembaga pelatihan, Status, Kelas: ID pelatihan, "
            "Kelas: terlaksana pada, Kelas: kunjungan wajib, Kelas: cara pelaksanaan, Kunjungan, Yang belum ada, Selesai pada, "
            "Kedaluwarsa pada"
        ),
        (
            "ID, Version, Created (UTC), Updated (UTC), Enterprise ID, Module, Provider ID, State, Classroom: training ID, "
            "Classroom: delivered on, Classroom: required visits, Classroom: delivery mode, Visits, Missing, Completed on, "
            "Lapsed on"
        ),
    ),
}


@pytest.mark.parametrize("operation", HEADINGS)
def test_headings_are_labels_behind_those_of_the_objects_around_them(operation: str) -> None:
    service, columns = next((service, columns) for name, service, columns in sheets() if name == operation)
    with catalogues_of(service.name).in_use():
        said = tuple(", ".join(column.called(language) for column in columns) for language in ("id", "en"))
    assert said == HEADINGS[operation]
