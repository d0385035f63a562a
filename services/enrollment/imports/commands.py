"""What enrollment can be asked about spreadsheets: take an upload, and work uploads off a slice at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from bson import Binary

from services.enrollment.imports.errors import import_fault
from services.enrollment.imports.kinds import KINDS
from services.enrollment.imports.model import Import, ImportFile, RowError
from services.enrollment.imports.queries import rows_that_made
from services.enrollment.imports.sheet import BadHeadings, Checked, Sheet
from services.enrollment.settings import enrollment_settings
from shared.domain.errors import Invalid
from shared.i18n.messages import fault_text
from shared.kernel.context import current_principal, current_trace
from shared.kernel.errors import Fault
from shared.observability import logs
from shared.storage.transaction import transactional
from shared.tabular.reader import SheetRow, Unreadable, read_rows

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A spreadsheet as it was sent. `language` is that of the errors; a dry run checks every row and keeps none."""

    data: bytes
    media_type: str
    language: str
    dry_run: bool = False


@transactional
def import_institutions(upload: Upload) -> Import:
    """Take a spreadsheet of institutions."""
    return _start("institutions", upload)


@transactional
def import_enterprises(upload: Upload) -> Import:
    """Take a spreadsheet of enterprises."""
    return _start("enterprises", upload)


@transactional
def import_participants(upload: Upload) -> Import:
    """Take a spreadsheet of participants."""
    return _start("participants", upload)


IMPORT = {"institutions": import_institutions, "enterprises": import_enterprises, "participants": import_participants}


def _start(kind: str, upload: Upload) -> Import:
    """Judge an upload's headings at once, look at its first rows, and leave the rest to the worker."""
    sender, trace = current_principal(), current_trace()
    job = Import(
        kind=kind,
        dry_run=upload.dry_run,
        media_type=upload.media_type,
        language=upload.language,
        institution_id=sender.institution,
        subject=sender.subject,
        issuer=sender.issuer,
        role=sender.role,
        correlation_id=trace.correlation_id,
        traceparent=trace.traceparent,
    )
    try:
        first = islice(rows_of(job, upload.data), enrollment_settings().import_preview_rows)
        job.preview(
            [error for row in first for error in errors_of(row, upload.language)],
            most_errors=enrollment_settings().import_errors,
        )
    except Unreadable as unreadable:
        raise Invalid(errors=[import_fault(unreadable.code, pointer=_place(unreadable.row))]) from None
    except BadHeadings as bad:
        faults = [import_fault(code, pointer=f"/columns/{heading}") for heading, code in bad.faults]
        raise Invalid(errors=faults) from None
    job.save()
    ImportFile(id=job.id, data=Binary(upload.data)).save()
    return job


@transactional
def forget_rows(made_id: UUID) -> None:
    """The rows of spreadsheets that an entry came from are forgotten with it."""
    for row in rows_that_made(made_id):
        row.delete()


def errors_of(row: Checked, language: str) -> list[RowError]:
    return [error_of(row.number, heading, fault, language) for heading, fault in row.faults]


def rows_of(job: Import, data: bytes) -> Iterator[Checked]:
    config = enrollment_settings()
    rows = read_rows(data, job.media_type, most_unpacked=config.import_unpacked_bytes, most_rows=config.import_rows)
    heading = next(rows, None)
    if heading is None:
        raise Unreadable("no-rows")
    sheet = Sheet(KINDS[job.kind], heading)
    return _checked(sheet, rows)


def _checked(sheet: Sheet, rows: Iterator[SheetRow]) -> Iterator[Checked]:
    for row in rows:
        yield sheet.check(row)


def error_of(row: int | None, heading: str, fault: Fault, language: str) -> RowError:
    return RowError(row=row, column=heading, code=fault.code, detail=fault_text(fault, language))


def _place(row: int | None) -> str:
    return "" if row is None else f"/rows/{row}"
