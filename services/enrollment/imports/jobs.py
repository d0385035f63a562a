"""Works imports off: as many rows to a transaction as allowed, fewer while the store is slow or refuses them.

A transaction must end within its time, on a slow store too; what it costs by itself is shared by its rows.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count, islice
from typing import Final
from uuid import UUID

from pymongo.errors import PyMongoError

from services.enrollment.imports.commands import (
    RolledBack,
    RowRefused,
    advance_import,
    begin_turn,
    end_import,
    note_progress,
    rehearse,
    sweep_imports,
)
from services.enrollment.imports.kinds import KINDS, digest_of
from services.enrollment.imports.model import Import
from services.enrollment.imports.queries import content_of, open_import, open_imports, rows_of
from services.enrollment.imports.sheet import Checked, error_of, import_fault
from services.enrollment.settings import enrollment_settings
from shared.access.suspensions import suspended_institutions
from shared.kernel.context import acting_as, tracing
from shared.kernel.errors import Unavailable
from shared.process.jobs import Timer
from shared.storage import connection
from shared.tabular.reader import Unreadable

MOST_PAUSED: Final = 4  # files that are kept in memory from one turn to the next
FAST = 0.25  # a slice within this share of its time may be followed by a larger one


class Pace:
    """Halves the slice after one that failed or took too long, doubles it after a fast one."""

    def __init__(self) -> None:
        self._size = enrollment_settings().import_slice

    @property
    def size(self) -> int:
        return min(self._size, enrollment_settings().import_slice)

    def after(self, failures: int) -> None:
        """Begin with smaller slices, halved for each turn that failed before, perhaps in a process that died of it."""
        self._size = min(self._size, max(1, enrollment_settings().import_slice >> failures))

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


class Rota:
    """Chooses whose upload is next: of the institutions that wait, the one that was served longest ago.

    Uploads of a suspended institution wait until it is restored, since their rows are taken on its behalf.
    """

    def __init__(self) -> None:
        self._turns = count(1)
        self._served: dict[UUID | None, int] = {}

    def next(self) -> Import | None:
        """Return the oldest upload of whoever is next. Asking for it counts as being served."""
        waiting: dict[UUID | None, UUID] = {}
        suspended = suspended_institutions()
        for import_id, institution in open_imports():
            if institution not in suspended:
                waiting.setdefault(institution, import_id)
        self._served = {institution: turn for institution, turn in self._served.items() if institution in waiting}
        if not waiting:
            return None
        chosen = min(waiting, key=lambda institution: self._served.get(institution, 0))
        self._served[chosen] = next(self._turns)
        return open_import(waiting[chosen])


class Reading:
    """Reads a file on from where a turn ended: the rows behind the import's position, and what a rehearsal took before it."""

    def __init__(self, job: Import) -> None:
        self._job = job
        self.position = job.position
        self.rehearsed: dict[UUID, bytes] = {}
        self.rows = self._behind()

    def _behind(self) -> Iterator[Checked]:
        job = self._job
        for row in rows_of(job, content_of(job.id)):
            if row.number > job.position:
                yield row
            elif job.dry_run and row.body is not None:  # a rehearsal leaves nothing in the store to know it by
                self.rehearsed[KINDS[job.kind].entry_id(row.body, job.institution_id)] = digest_of(row.body)


class Readings:
    """Keeps the files that this process is in the middle of, so that a turn goes on without reading from the start.

    A pause is good for one turn: after any failure, and in another process, the file is read again up to the position.
    """

    def __init__(self) -> None:
        self._paused: dict[UUID, Reading] = {}

    def take(self, job: Import) -> Reading:
        paused = self._paused.pop(job.id, None)
        return paused if paused is not None and paused.position == job.position else Reading(job)

    def pause(self, import_id: UUID, position: int, reading: Reading) -> None:
        reading.position = position
        self._paused[import_id] = reading
        if len(self._paused) > MOST_PAUSED:
            del self._paused[next(iter(self._paused))]


class ImportWork:
    """Works imports off in one process, and keeps whose turn is next, which files are half read, how large a slice may be."""

    def __init__(self) -> None:
        self._rota, self._readings, self._pace = Rota(), Readings(), Pace()
        self._blameless: set[UUID] = set()  # whose last turn failed for what was away

    def take_turn(self) -> int:
        """Work for a turn on uploads that are not done, each institution's in its turn; returns how many slices were taken."""
        until = time.monotonic() + enrollment_settings().import_turn_seconds
        slices = 0
        while (job := self._rota.next()) is not None:
            with acting_as(job.sender), tracing(job.trace):
                slices += self._work(job, until)
            if time.monotonic() >= until:
                break
        return slices

    def _work(self, job: Import, until: float) -> int:
        if not begin_turn(job.id, blameless=job.id in self._blameless):
            return 0
        self._blameless.discard(job.id)
        self._pace.after(job.attempts)
        try:
            return self._slices(job, until)
        except (Unavailable, PyMongoError) as error:
            if isinstance(error, Unavailable) or connection.is_to_blame(error):
                self._blameless.add(job.id)
            raise

    def _slices(self, job: Import, until: float) -> int:
        slices = 0
        reading = self._readings.take(job)
        try:
            while batch := list(islice(reading.rows, self._pace.size)):
                with self._pace.slice():
                    _take_slice(job, batch, reading)
                slices += 1
                if time.monotonic() >= until:
                    self._readings.pause(job.id, batch[-1].number, reading)
                    return slices
        except Unreadable as unreadable:
            end_import(job.id, error_of(unreadable.row, "", import_fault(unreadable.code), job.language))
        else:
            end_import(job.id, None)
        return slices


def _take_slice(job: Import, batch: Sequence[Checked], reading: Reading) -> None:
    """Take a slice in one transaction. Where a rule refuses a row, the rows before it go in one, and it is noted with the rows
    behind it in the next, so that each is tried twice at most.
    """
    remaining = list(batch)
    while remaining:
        try:
            _take(job, remaining, reading)
        except RowRefused as refused:
            before, behind = refused.parts(remaining)
            if before:
                _take_slice(job, before, reading)
            remaining = [refused.remembered(), *behind]
        else:
            return


def _take(job: Import, batch: Sequence[Checked], reading: Reading) -> None:
    kind = KINDS[job.kind]
    if not job.dry_run:
        advance_import(job.id, kind, batch)
        return
    try:
        rehearse(kind, batch, reading.rehearsed)
    except RolledBack as rehearsal:
        reading.rehearsed |= rehearsal.outcome.taken
        note_progress(job.id, rehearsal.outcome, batch)


SWEEP_IMPORTS = Timer("sweep_imports", enrollment_settings().letter_sweep_seconds, sweep_imports)
WORK_IMPORTS = Timer("work_imports", enrollment_settings().import_pause_seconds, ImportWork().take_turn)
