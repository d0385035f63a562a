"""Keeps what events say in the rows that figures are counted from. Nobody can edit them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.reporting.projections.model import Projection
from services.reporting.projections.routing import rows_of
from shared.contracts.event import Event
from shared.storage.transaction import transactional


@transactional
def apply_event(event: Event, *, sequence: int, recorded_at: datetime, generation: int) -> None:
    """Keep what an event says of the rows it belongs to, in one generation. It never waits for another event."""
    for kind, thing_id in rows_of(event):
        kind.of(thing_id, generation).apply(event, sequence=sequence, recorded_at=recorded_at)


@transactional
def load_together(events: Iterable[Event], *, generation: int) -> None:
    """Read at once the rows that these events are about to be counted in."""
    wanted: dict[type[Projection], set[UUID]] = {}
    for event in events:
        for kind, thing_id in rows_of(event):
            wanted.setdefault(kind, set()).add(thing_id)
    for kind, thing_ids in wanted.items():
        kind.load_together(thing_ids, generation)
