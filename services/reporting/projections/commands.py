"""Keeps what events say in the rows that figures are counted from. Nobody can edit them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from services.reporting.projections.model import Projection, row_id_of
from services.reporting.projections.routing import rows_of
from shared.contracts.event import Event
from shared.storage.transaction import current_batch, transactional


@transactional
def apply_event(event: Event, *, sequence: int, recorded_at: datetime, generation: int) -> None:
    """Keep what an event says of the rows it belongs to, in one generation. It never waits for another event."""
    for kind, thing_id in rows_of(event):
        row_id = row_id_of(thing_id, generation)
        row = _tracked(kind, row_id, generation, partial(kind.find, row_id))
        row.apply(event, sequence=sequence, recorded_at=recorded_at)


@transactional
def load_together(events: Iterable[Event], *, generation: int) -> None:
    """Read at once the rows that these events are about to be counted in."""
    ids_by_kind: dict[type[Projection], set[UUID]] = {}
    for event in events:
        for kind, thing_id in rows_of(event):
            ids_by_kind.setdefault(kind, set()).add(thing_id)
    for kind, thing_ids in ids_by_kind.items():
        row_ids = {row_id_of(thing_id, generation) for thing_id in thing_ids}
        rows = {row.id: row for row in kind.objects(id__in=list(row_ids))}
        for row_id in row_ids:
            _tracked(kind, row_id, generation, partial(rows.get, row_id))


def _tracked(
    kind: type[Projection], row_id: UUID, generation: int, find: Callable[[], Projection | None]
) -> Projection:
    """Return the row as the running transaction has it; changes of it are written at the transaction's end."""
    collection = kind._meta["collection"]  # noqa: SLF001
    return current_batch().load_once(collection, row_id, lambda: find() or kind(id=row_id, generation=generation))
