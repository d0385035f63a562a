"""Keeps what events say in the rows that figures are counted from. Nobody can edit them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.reporting.projections.model import Projection
from services.reporting.projections.routing import rows_of
from shared.contracts.event import Fact
from shared.storage.transaction import transactional


@transactional
def count(fact: Fact, *, sequence: int, recorded_at: datetime, generation: int) -> None:
    """Keep what a fact says of the rows it belongs to, in one generation. It never waits for another fact."""
    for kind, thing_id in rows_of(fact):
        kind.of(thing_id, generation).hear(fact, sequence=sequence, recorded_at=recorded_at)


@transactional
def load_together(facts: Iterable[Fact], *, generation: int) -> None:
    """Read at once the rows that these facts are about to be counted in."""
    wanted: dict[type[Projection], set[UUID]] = {}
    for fact in facts:
        for kind, thing_id in rows_of(fact):
            wanted.setdefault(kind, set()).add(thing_id)
    for kind, thing_ids in wanted.items():
        kind.load_together(thing_ids, generation)
