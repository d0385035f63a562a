"""Works imports off: as many rows to a transaction as allowed, fewer while the store is slow or refuses them.

A transaction must end within its time, on a slow store too; what it costs by itself is shared by its rows.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final
from uuid import UUID

from services.enrollment.imports.commands import (
    RolledBack,
    RowRefused,
    advance_import,
    begin_turn,
    end_import,
    error_of,
    note_progress,
    rehearse,
    rows_of,
)
from services.enrollment.imports.kinds import KINDS
from services.enrollment.imports.model import Import, digest_of
from services.enrollment.imports.queries import content_of, next_import
from services.enrollment.imports.sheet import Checked, import_fault
from services.enrollment.settings import enrollment_settings
from shared.kernel.context import acting_as, tracing
from shared.process.jobs import Timer
from shared.tabular.reader import Unreadable

FAST = 0.25  # a slice within this share of its time may be followed by a larger one


class Pace:
    """Halves the slice after one that failed or took too long, doubles it after a fast one."""

    def __init__(self) -> None:
        self._size = enrollment_settings().import_slice

    @property
    def size(self) -> int:
        return min(self._size, enrollment_settings().import_slice)

    @contextmanager
    def slice(self) -> Iterator[None]:
        """Time the work on one slice and set the size of the next."""
        began, size = time.monotonic(), self.size
        self._size = max(1, size // 2)  # unless it ends well
        yield
        self._size = size
        self.took(time.monotonic() - began)

    def took(self, seconds: float) -> None:
        target = enrollment_settings().import_slice_seconds
        if seconds > target:
            self._size = max(1, self.size // 2)
        elif seconds < target * FAST:
            self._size = min(self.size * 2, enrollment_settings().import_slice)


def work_imports() -> int:
    """Work for a turn on the oldest uploads that are not done; returns how many slices were taken."""
    until = time.monotonic() + enrollment_settings().import_turn_seconds
    slices = 0
    while (job := next_import()) is not None:
        with acting_as(job.sender), tracing(job.trace):
            slices += _work(job, until)
        if time.monotonic() >= until:
            break
    return slices


def _work(job: Import, until: float) -> int:
    if not begin_turn(job.id):
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
        end_import(job.id, error_of(unreadable.row, "", import_fault(unreadable.code), job.language))
    else:
        end_import(job.id, None)
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
        """Return the rows behind the import's position."""
        if self._place == (job.id, job.position):
            self._place = None
            return self._rows
        self.rehearsed = {}
        return self._rows_behind(job, rows_of(job, content_of(job.id)))

    def pause(self, import_id: UUID, position: int, rows: Iterator[Checked]) -> None:
        self._place, self._rows = (import_id, position), rows

    def _rows_behind(self, job: Import, rows: Iterator[Checked]) -> Iterator[Checked]:
        for row in rows:
            if row.number > job.position:
                yield row
            elif job.dry_run and row.body is not None:  # a rehearsal leaves nothing in the store to know it by
                self.rehearsed[KINDS[job.kind].entry_id(row.body, job.institution_id)] = digest_of(row.body)


_reading: Final = _Reading()

_pace: Final = Pace()


def _take_slice(job: Import, batch: Sequence[Checked]) -> None:
    """Take a slice in one transaction. Where a rule refuses a row, the rows before it go in one and the rows
    behind it in the next, so that each is tried twice at most.
    """
    remaining = list(batch)
    while remaining:
        try:
            _take(job, remaining)
        except RowRefused as refused:
            before, remaining = refused.parts(remaining)
            _take_slice(job, before)
        else:
            return


def _take(job: Import, batch: Sequence[Checked]) -> None:
    kind = KINDS[job.kind]
    if not job.dry_run:
        advance_import(job.id, kind, batch)
        return
    try:
        rehearse(kind, batch, _reading.rehearsed)
    except RolledBack as rehearsal:
        _reading.rehearsed |= rehearsal.outcome.taken
        note_progress(job.id, rehearsal.outcome, batch)


WORK_IMPORTS = Timer("work_imports", enrollment_settings().import_pause_seconds, work_imports)
