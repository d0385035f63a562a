"""Reads of imports for the worker, which takes them one after the other whoever sent them, and for commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from services.enrollment.imports.model import Import, ImportedRow, ImportFile
from services.enrollment.imports.sheet import Checked, checked
from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.keys import tax_number_keys
from shared.domain.sealing import opened
from shared.kernel.context import unscoped
from shared.tabular.reader import read_rows

OPEN: Final = ("working", "waiting")


def open_imports() -> list[tuple[UUID, UUID | None]]:
    """Return the ids of the uploads that are not done, with whose they are: the begun ones first, then the oldest."""
    with unscoped("the worker takes the uploads of everybody, and then acts for whoever sent it"):
        of_states = (Import.objects(state=state).order_by("created_at") for state in OPEN)
        return [found for of_state in of_states for found in of_state.scalar("id", "institution_id")]


def count_open_imports(institution_id: UUID | None) -> int:
    """Return how many uploads of an institution, or of the programme, are not done."""
    return sum(len(list(Import.objects(state=state, institution_id=institution_id).only("id"))) for state in OPEN)


def open_import(import_id: UUID) -> Import:
    with unscoped("the worker acts for whoever sent the upload once it knows who that is"):
        return Import.get(import_id)


def content_of(import_id: UUID) -> bytes:
    with unscoped("nobody reads an upload again, except to take its rows"):
        return ImportFile.get(import_id).data(tax_number_keys())


def rows_of(job: Import, data: bytes) -> Iterator[Checked]:
    """Return the rows of a waiting upload, each judged by shape."""
    config = enrollment_settings()
    rows = read_rows(
        data, job.media_type, most_unpacked=config.import_unpacked_bytes, most_rows=config.import_rows,
        most_seconds=config.import_read_seconds,
    )  # fmt: skip
    return checked(job.kind, rows, job.language)


def values_of(job: Import) -> list[str]:
    """Return the text of the cell of each error, where it is still kept."""
    return [opened(error.value, job.id, tax_number_keys()).decode() if error.value else "" for error in job.errors]


def kept_imports(before: datetime) -> list[Import]:
    """Return the imports that ended before a moment and of which something is kept."""
    with unscoped("whoever sent it, what was kept for long enough goes"):
        return list(Import.objects(kept_since__lt=before))


def made_by(import_id: UUID, most: int) -> list[UUID]:
    """Return the first entries that an import made, in no order."""
    with unscoped("whoever may see an import may know what it made; the entries are read within the caller's rows"):
        return list(ImportedRow.objects(import_id=import_id).limit(most).scalar("made_id"))


def file_of(import_id: UUID) -> ImportFile | None:
    """Return the row of an upload, without its content."""
    with unscoped("an upload goes with its last row"):
        file: ImportFile | None = ImportFile.objects(id=import_id).only("id").first()
    return file


def digests_of(entry_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Return the digests of what was imported before under these ids."""
    ids = list(entry_ids)
    with unscoped("a row that was imported before is known whoever sent it; its id holds the owner's"):
        return {row.id: bytes(row.digest) for row in ImportedRow.objects(id__in=ids)} if ids else {}


def rows_that_made(made_id: UUID) -> list[ImportedRow]:
    with unscoped("the rows that a person came from go with the person"):
        return list(ImportedRow.objects(made_id=made_id))
