"""Rows become entries: each by the command that the API calls, once per natural key. Part of a running transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.enrollment.imports.errors import import_fault
from services.enrollment.imports.kinds import Command, ImportKind, Row, owner_of
from services.enrollment.imports.model import digest_of, row_id
from services.enrollment.imports.queries import digests_of
from services.enrollment.imports.sheet import Checked
from shared.domain.aggregate import StoredDocument
from shared.domain.errors import StaleVersion
from shared.kernel.context import current_principal
from shared.kernel.errors import Fault, Problem
from shared.storage.transaction import current_batch

FIRST_OF_SERVER_ERRORS = 500


@dataclass(slots=True)
class Outcome:
    """How many rows became entries, how many were there before, and the digest of each by its id."""

    made: int = 0
    unchanged: int = 0
    taken: dict[UUID, str] = field(default_factory=dict)


class RolledBack(Exception):
    """A rehearsal is over; nothing of it stays.

    Only a transaction that fails takes back what it wrote, so its outcome comes out with the failure.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("rehearsed")
        self.outcome = outcome


class RowRefused(Exception):
    """A rule refused a row: whatever the transaction did is taken back."""

    def __init__(self, row: Checked, faults: Sequence[Fault]) -> None:
        super().__init__("refused")
        self._row, self._faults = row, tuple(faults)

    def parts(self, batch: Sequence[Checked]) -> tuple[list[Checked], list[Checked]]:
        """The rows up to the refused one, which says now what is wrong with it, and the rows behind it."""
        row = self._row
        place = next(place for place, other in enumerate(batch) if other.number == row.number)
        wrong = Checked(row.number, None, tuple((row.heading_of(fault.pointer), fault) for fault in self._faults))
        return [*batch[:place], wrong], list(batch[place + 1 :])


def take(kind: ImportKind, batch: Sequence[Checked], rehearsed: Mapping[UUID, str]) -> Outcome:
    """Make what the rows stand for, unless it was made before; rows whose shape is wrong are left out."""
    outcome = Outcome()
    good = [(id_of(kind, row.body), row.body, row) for row in batch if row.body is not None]
    digests = {**rehearsed, **digests_of([entry_id for entry_id, *_ in good])}
    fresh = [body for entry_id, body, _ in good if entry_id not in digests]
    command = kind.command(fresh) if fresh else None
    for entry_id, body, row in good:
        digest = digest_of(body)
        if entry_id not in digests and command is not None:
            made = _made(command, body, row)
            digests[entry_id] = outcome.taken[entry_id] = digest
            current_batch().add("imported_rows", {"_id": entry_id, "made_id": made.id, "digest": digest})
            outcome.made += 1
        elif digests[entry_id] == digest:
            outcome.unchanged += 1
        else:
            raise RowRefused(row, [import_fault("row-differs")])
    return outcome


def id_of(kind: ImportKind, body: Row) -> UUID:
    return row_id(kind.name, owner_of(current_principal().institution, body), kind.key(body))


def _made(command: Command, body: Row, row: Checked) -> StoredDocument:
    try:
        return command(**body)
    except StaleVersion:
        raise  # somebody else changed it in this moment: the slice is taken again
    except Problem as problem:
        if problem.status >= FIRST_OF_SERVER_ERRORS:
            raise
        raise RowRefused(row, _faults_of(problem)) from None


def _faults_of(problem: Problem) -> list[Fault]:
    """What a refusal says, as faults of a row; one that names no place is about the whole row."""
    return list(problem.errors) or [Fault(problem.type_name, problem.detail, pointer="")]
