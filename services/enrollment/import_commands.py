"""What enrollment can be asked about spreadsheets: take an upload, and work uploads off a slice at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final
from uuid import UUID

from bson import Binary

from services.enrollment.import_kinds import KINDS, BadHeadings, Checked, ImportKind, Sheet
from services.enrollment.import_pace import Pace
from services.enrollment.import_refusals import import_fault
from services.enrollment.imported_row import digest_of
from services.enrollment.row_taking import Outcome, RolledBack, RowRefused, id_of, take
from services.enrollment.settings import enrollment_settings
from services.enrollment.spreadsheet_import import Import, ImportFile, RowError, drop_file
from shared.errors import Fault, Invalid
from shared.observability import logs
from shared.runtime.context import acting_as, current_principal, current_trace, seeing_everything, tracing
from shared.storage.transaction import transactional
from shared.web.sheets import SheetRow, Unreadable, read_rows
from shared.web.wording import fault_text

log = logs.get(__name__)
OPEN: Final = ("working", "waiting")


@transactional
def import_institutions(**upload: Any) -> Import:
    return _start("institutions", **upload)


@transactional
def import_enterprises(**upload: Any) -> Import:
    return _start("enterprises", **upload)


@transactional
def import_participants(**upload: Any) -> Import:
    return _start("participants", **upload)


def _start(kind: str, *, data: bytes, media_type: str, language: str, dry_run: bool = False) -> Import:
    """An upload is taken: its headings are judged at once, its first rows are looked at, the rest is worked off later."""
    sender, trace = current_principal(), current_trace()
    job = Import(
        kind=kind,
        dry_run=dry_run,
        media_type=media_type,
        language=language,
        institution_id=sender.institution,
        subject=sender.subject,
        issuer=sender.issuer,
        role=sender.role,
        correlation_id=trace.correlation_id,
        traceparent=trace.traceparent,
    )
    try:
        first = islice(_rows(job, data), enrollment_settings().import_preview_rows)
        job.preview([error for row in first for error in errors_of(row, language)])
    except Unreadable as unreadable:
        raise Invalid(errors=[import_fault(unreadable.code, pointer=_place(unreadable.row))]) from None
    except BadHeadings as bad:
        faults = [import_fault(code, pointer=f"/columns/{heading}") for heading, code in bad.faults]
        raise Invalid(errors=faults) from None
    job.save()
    ImportFile(id=job.id, data=Binary(data)).save()
    return job


def work_imports() -> int:
    """Work for a turn on the oldest uploads that are not done; returns how many slices were taken."""
    until = time.monotonic() + enrollment_settings().import_turn_seconds
    slices = 0
    while (job := _next()) is not None:
        with acting_as(job.sender), tracing(job.trace):
            slices += _work(job, until)
        if time.monotonic() >= until:
            break
    return slices


def errors_of(row: Checked, language: str) -> list[RowError]:
    return [_error(row.number, heading, fault, language) for heading, fault in row.faults]


def _rows(job: Import, data: bytes) -> Iterator[Checked]:
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


def _next() -> Import | None:
    with seeing_everything():
        found = (Import.objects(state=state).order_by("created_at").first() for state in OPEN)
        return next((job for job in found if job is not None), None)


def _work(job: Import, until: float) -> int:
    if not _begin(job.id):
        return 0
    slices = 0
    try:
        rows = _reading.rows_of(job)
        while batch := list(islice(rows, _pace.size)):
            with _pace.slice():
                _take_slice(job, batch)
            slices += 1
            if time.monotonic() >= until:
                _reading.pause(job.id, batch[-1].number, rows)
                return slices
    except Unreadable as unreadable:
        _end(job.id, _error(unreadable.row, "", import_fault(unreadable.code), job.language))
    else:
        _end(job.id, None)
    return slices


class _Reading:
    """The file that this process is in the middle of, so that a turn goes on without reading from the start.

    A pause is good for one turn: after any failure, and in another process, the file is read again up to the position.
    """

    def __init__(self) -> None:
        self._place: tuple[UUID, int] | None = None
        self._rows: Iterator[Checked] = iter(())
        self.rehearsed: dict[UUID, str] = {}

    def rows_of(self, job: Import) -> Iterator[Checked]:
        """The rows behind the import's position."""
        if self._place == (job.id, job.position):
            self._place = None
            return self._rows
        self.rehearsed = {}
        with seeing_everything():
            data = bytes(ImportFile.get(job.id).data)
        return self._behind(job, _rows(job, data))

    def pause(self, import_id: UUID, position: int, rows: Iterator[Checked]) -> None:
        self._place, self._rows = (import_id, position), rows

    def _behind(self, job: Import, rows: Iterator[Checked]) -> Iterator[Checked]:
        for row in rows:
            if row.number > job.position:
                yield row
            elif job.dry_run and row.body is not None:  # a rehearsal leaves nothing in the store to know it by
                self.rehearsed[id_of(KINDS[job.kind], row.body)] = digest_of(row.body)


_reading: Final = _Reading()
_pace: Final = Pace()


def _take_slice(job: Import, batch: Sequence[Checked]) -> None:
    """All rows of a slice in one transaction. Where a rule refuses a row, the rows before it go in one and the rows
    behind it in the next, so that each is tried twice at most.
    """
    rest = list(batch)
    while rest:
        try:
            _take(job, rest)
        except RowRefused as refused:
            upto, rest = refused.parts(rest)
            _take_slice(job, upto)
        else:
            return


def _take(job: Import, batch: Sequence[Checked]) -> None:
    kind = KINDS[job.kind]
    if not job.dry_run:
        _advance(job.id, kind, batch)
        return
    try:
        _rehearse(kind, batch)
    except RolledBack as rehearsal:
        _reading.rehearsed |= rehearsal.outcome.taken
        _advance_by(job.id, rehearsal.outcome, batch)


@transactional
def _advance(import_id: UUID, kind: ImportKind, batch: Sequence[Checked]) -> None:
    _advance_by(import_id, take(kind, batch, {}), batch)


@transactional
def _rehearse(kind: ImportKind, batch: Sequence[Checked]) -> None:
    raise RolledBack(take(kind, batch, _reading.rehearsed))


@transactional
def _advance_by(import_id: UUID, outcome: Outcome, batch: Sequence[Checked]) -> None:
    job = Import.get(import_id)
    errors = [error for row in batch for error in errors_of(row, job.language)]
    job.advance(batch[-1].number, made=outcome.made, unchanged=outcome.unchanged, errors=errors)
    job.save()


@transactional
def _begin(import_id: UUID) -> bool:
    job = Import.get(import_id)
    job.begin_turn()
    if job.state == "failed":
        log.error("import given up", import_id=str(import_id), attempts=job.attempts)
        with seeing_everything():
            drop_file(import_id)
    job.save()
    return bool(job.state == "working")


@transactional
def _end(import_id: UUID, error: RowError | None) -> None:
    job = Import.get(import_id)
    if error is None:
        job.finish()
    else:
        job.break_off(error)
    job.save()
    with seeing_everything():
        drop_file(import_id)


def _error(row: int | None, heading: str, fault: Fault, language: str) -> RowError:
    return RowError(row=row, column=heading, code=fault.code, detail=fault_text(fault, language))


def _place(row: int | None) -> str:
    return "" if row is None else f"/rows/{row}"
