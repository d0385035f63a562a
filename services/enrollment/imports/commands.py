"""Takes uploads of spreadsheets, and works them off a slice at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from services.enrollment.errors import FILE_GONE
from services.enrollment.imports.kinds import Command, ImportKind, Known, Row, digest_of
from services.enrollment.imports.model import Import, ImportFile, RowError
from services.enrollment.imports.queries import (
    content_of,
    count_open_imports,
    digests_of,
    file_of,
    kept_imports,
    rows_that_made,
)
from services.enrollment.imports.sheet import BadHeadings, Checked, checked, error_of, errors_of, import_fault
from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.keys import tax_number_keys
from shared.access.errors import TooManyRequests
from shared.domain.aggregate import StoredDocument
from shared.domain.errors import Invalid, NotAllowedNow, StaleVersion
from shared.kernel import clock, ids
from shared.kernel.context import current_principal, current_trace
from shared.kernel.errors import Fault, Problem
from shared.observability import logs
from shared.storage.transaction import current_batch, transactional
from shared.tabular.preview import Busy, Previews
from shared.tabular.reader import SheetRow, Unreadable

log = logs.get(__name__)
FIRST_OF_SERVER_ERRORS = 500
PREVIEWS: Final = Previews()


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


def _start(kind: str, upload: Upload, import_id: UUID | None = None) -> Import:
    """Judge an upload's headings at once, look at its first rows, and leave the rest to the worker."""
    sender, trace, config = current_principal(), current_trace(), enrollment_settings()
    if count_open_imports(sender.institution) >= config.import_open:
        raise TooManyRequests(round(config.import_turn_seconds) + 1)
    job = Import(
        id=import_id or ids.new(),
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
        rows = checked(kind, iter(_first_rows(sender.institution, upload)), upload.language)
        errors = (error for row in rows for error in errors_of(row, job))
        job.preview(list(islice(errors, config.import_errors)), most_errors=config.import_errors)
    except Busy:
        raise TooManyRequests(round(config.import_preview_seconds) + 1) from None
    except Unreadable as unreadable:
        raise Invalid(errors=[import_fault(unreadable.code, pointer=_place(unreadable.row))]) from None
    except BadHeadings as bad:
        raise Invalid(errors=bad.faults) from None
    job.save()
    ImportFile.holding(upload.data, job.id, tax_number_keys()).save()
    return job


@transactional
def register_checked_import(import_id: UUID) -> Import:
    """Register the rows of a file that was checked: the same file, so nothing has to be sent again."""
    before = Import.get(import_id)
    registered: Import | None = Import.find(ids.derived("registered import", before.id))
    if registered is not None:
        return registered
    if before.state != "done" or not before.dry_run or file_of(import_id) is None:
        raise NotAllowedNow(FILE_GONE, verb="register")
    upload = Upload(content_of(import_id), before.media_type, before.language)
    job = _start(before.kind, upload, ids.derived("registered import", before.id))
    before.forget()
    before.save()
    _drop_file(import_id)
    return job


@transactional
def sweep_imports() -> int:
    """Forget the files that were only checked, and what stood in refused cells, when they were kept for long enough."""
    kept = kept_imports(clock.now() - timedelta(hours=enrollment_settings().import_kept_hours))
    for job in kept:
        job.forget()
        job.save()
        _drop_file(job.id)
    return len(kept)


def _first_rows(institution: UUID | None, upload: Upload) -> list[SheetRow]:
    own = enrollment_settings()
    return PREVIEWS.rows(
        institution, upload.data, upload.media_type, rows=own.import_preview_rows + 1, places=own.import_previews,
        most_seconds=own.import_preview_seconds, most_memory=own.import_preview_memory_bytes, most_rows=own.import_rows,
        most_unpacked=own.import_unpacked_bytes,
    )  # fmt: skip


@transactional
def advance_import(import_id: UUID, kind: ImportKind, batch: Sequence[Checked]) -> None:
    """Take the rows of a slice, and go on behind them."""
    note_progress(import_id, take(kind, batch, {}, import_id=import_id), batch)


@transactional
def rehearse(kind: ImportKind, batch: Sequence[Checked], rehearsed: Mapping[UUID, bytes]) -> None:
    """Take the rows of a slice and keep none of it; `rehearsed` are those of earlier slices. Raises `RolledBack`."""
    raise RolledBack(take(kind, batch, rehearsed, rehearsal=True))


@transactional
def note_progress(import_id: UUID, outcome: Outcome, batch: Sequence[Checked]) -> None:
    """Note that an import has come to the end of a slice."""
    job = Import.get(import_id)
    errors = [error for row in batch for error in errors_of(row, job)]
    job.advance(
        batch[-1].number,
        made=outcome.made,
        unchanged=outcome.unchanged,
        errors=errors,
        most_errors=enrollment_settings().import_errors,
    )
    job.save()


@transactional
def begin_turn(import_id: UUID, *, blameless: bool = False) -> bool:
    """Start a turn of an import, or give it up where too many failed; return whether there is work to do. `blameless` says that
    the last turn failed for what was away, not for its rows."""
    job = Import.get(import_id)
    job.begin_turn(blameless=blameless)
    if job.attempts > enrollment_settings().import_attempts:
        log.error("import given up", import_id=str(import_id), attempts=job.attempts)
        reason = error_of(job.position or None, "", import_fault("given-up"), job.language)
        job.break_off(reason, clock.now(), most_errors=enrollment_settings().import_errors)
        _drop_file(import_id)
    job.save()
    return bool(job.state == "working")


@transactional
def end_import(import_id: UUID, error: RowError | None) -> None:
    """End an import whose last row was taken, or whose file cannot be read further. The file goes."""
    job = Import.get(import_id)
    if error is None:
        job.finish(clock.now())
    else:
        job.break_off(error, clock.now(), most_errors=enrollment_settings().import_errors)
    job.save()
    if not (job.dry_run and job.state == "done"):  # what was checked may be registered next
        _drop_file(import_id)


def _drop_file(import_id: UUID) -> None:
    file = file_of(import_id)
    if file is not None:
        file.delete()


@dataclass(slots=True)
class Outcome:
    """The outcome of a slice: how many rows became entries, how many were there before, and the digest of each by its id."""

    made: int = 0
    unchanged: int = 0
    taken: dict[UUID, bytes] = field(default_factory=dict)


class RolledBack(Exception):
    """A rehearsal is over: only a transaction that fails takes back what it wrote, so its outcome comes with the failure."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("rehearsed")
        self.outcome = outcome


class RowRefused(Exception):
    """A rule refused a row: whatever the transaction did is taken back."""

    def __init__(self, row: Checked, refusal: Problem) -> None:
        super().__init__("refused")
        self._row, self._refusal = row, refusal

    def parts(self, batch: Sequence[Checked]) -> tuple[list[Checked], list[Checked]]:
        """Return the rows before the refused one, and those behind it."""
        place = next(place for place, other in enumerate(batch) if other.number == self._row.number)
        return list(batch[:place]), list(batch[place + 1 :])

    def remembered(self) -> Checked:
        """Keep what the refusal leaves behind, and return the row, which now says what is wrong with it."""
        row, refusal = self._row, self._refusal
        try:
            refusal.remember()
        except Problem as instead:
            refusal = instead
        faults = tuple((row.heading_of(fault.pointer), fault) for fault in _faults_of(refusal))
        return replace(row, body=None, faults=faults)


def take(
    kind: ImportKind,
    batch: Sequence[Checked],
    rehearsed: Mapping[UUID, bytes],
    *,
    import_id: UUID | None = None,
    rehearsal: bool = False,
) -> Outcome:
    """Make what the rows stand for, unless it was made before; rows whose shape is wrong are left out."""
    outcome = Outcome()
    institution = current_principal().institution
    good = [(kind.entry_id(row.body, institution), row.body, row) for row in batch if row.body is not None]
    digests = {**rehearsed, **digests_of([entry_id for entry_id, *_ in good])}
    fresh = [body for entry_id, body, _ in good if entry_id not in digests]
    command = kind.command(fresh, rehearsal) if fresh else None
    for entry_id, body, row in good:
        digest = digest_of(body)
        if entry_id not in digests and command is not None:
            entry = _run_for_row(command, body, row)
            digests[entry_id] = outcome.taken[entry_id] = digest
            known = isinstance(entry, Known)
            made = {"_id": entry_id, "made_id": entry.id, "import_id": None if known else import_id, "digest": digest}
            current_batch().add("imported_rows", made)
            outcome.made, outcome.unchanged = outcome.made + (not known), outcome.unchanged + known
        elif digests[entry_id] == digest:
            outcome.unchanged += 1
        else:
            raise RowRefused(row, Invalid(errors=[import_fault("row-differs")]))
    return outcome


def _run_for_row(command: Command, body: Row, row: Checked) -> StoredDocument | Known:
    try:
        return command(**body)
    except StaleVersion:
        raise  # somebody else changed it in this moment: the slice is taken again
    except Problem as problem:
        if problem.status >= FIRST_OF_SERVER_ERRORS:
            raise
        raise RowRefused(row, problem) from None


def _faults_of(problem: Problem) -> list[Fault]:
    """Return a refusal as faults of a row; one that names no place is about the whole row."""
    return list(problem.errors) or [Fault(problem.type_name, problem.detail, pointer="")]


@transactional
def forget_rows(made_id: UUID) -> None:
    """Forget the rows of spreadsheets that an entry came from."""
    for row in rows_that_made(made_id):
        row.delete()


def _place(row: int | None) -> str:
    return "" if row is None else f"/rows/{row}"
