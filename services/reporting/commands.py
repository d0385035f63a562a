"""Everything reporting can be asked. Results cannot be edited: they follow from the facts of others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.reporting.freshness import Standing
from services.reporting.projecting import rows_of
from services.reporting.projection import Projection
from services.reporting.queries import ZONE
from services.reporting.target import Target
from shared.contracts.event import Fact
from shared.runtime import clock
from shared.storage.transaction import transactional


@transactional
def establish_target(*, code: str, valid_from: date, **described: Any) -> Target:
    """A target of the results framework, as the programme set out with it; a second time changes nothing."""
    known = Target.find(Target.id_of(code))
    if known:
        return known
    target = Target(id=Target.id_of(code), code=code, **described)
    target.establish(valid_from)
    return target.save()


@transactional
def set_target(code: str, *, number: int, reason: str) -> Target:
    """Another number from today on; what it was stays in the history."""
    target = Target.coded(code)
    return target.save() if target.change(number, reason, clock.today(ZONE)) else target


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


@transactional
def note_caught_up() -> None:
    standing = Standing.of_group()
    standing.caught_up_at = clock.now()
    standing.save()
