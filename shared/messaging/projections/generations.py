"""The generations of a projection: which one is read, which one is being built beside it, which ones are to go.

A projection is a consumer group whose rows follow from events alone, so that they can be written again. Every generation is
a consumer group of its own, with cursors of its own, and every row carries its generation's number. Readers see the
current generation only; the new one takes its place in one transaction. Numbers rise and are never used twice. What a
generation writes is fenced: a worker that has not heard of the swap writes nothing after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from shared.kernel import failpoints
from shared.messaging.errors import AlreadyBuilding, Retired
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection
from shared.storage.transaction import in_racing_transaction

T = TypeVar("T")
COLLECTION = "generations"
COLLECTIONS: dict[str, Any] = {COLLECTION: ()}
FIRST = 1
_writing: ContextVar[int] = ContextVar("generation", default=FIRST)


@dataclass(frozen=True, slots=True)
class Generations:
    """A projection's generations: `retired` are those with rows to delete, and the moment since which nobody may write them."""

    group: str
    current: int = FIRST
    newest: int = FIRST
    building: int | None = None
    asked_at: datetime | None = None
    swapped_at: datetime | None = None
    retired: tuple[tuple[int, datetime], ...] = ()

    @property
    def living(self) -> tuple[int, ...]:
        return (self.current,) if self.building is None else (self.current, self.building)


def name_of(group: str, number: int) -> str:
    """Return the name of a generation's consumer group. The first one has the declared name."""
    return group if number == FIRST else f"{group}.{number}"


def current_generation() -> int:
    """Return the generation whose rows the running handler writes."""
    return _writing.get()


def of(group: ConsumerGroup, number: int) -> ConsumerGroup:
    """Make the same handlers the group of one generation."""
    renamed = group.renamed(name_of(group.group, number), partial(_writing_as, number))
    renamed.fence = partial(_refuse_retired, group.group, number)
    return renamed


def named(groups: Iterable[ConsumerGroup], name: str) -> ConsumerGroup | None:
    """Find the group of this name among the declared ones and the living generations of projections."""
    for group in groups:
        if group.group == name and not group.projection:
            return group
        if group.projection:
            for number in load_state(group.group).living:
                if name_of(group.group, number) == name:
                    return of(group, number)
    return None


def load_state(group: str) -> Generations:
    row = connection.database()[COLLECTION].find_one({"_id": group})
    return _from_row(row) if row else Generations(group)


def current_name(group: str) -> str:
    return name_of(group, load_state(group).current)


def read_consistent(group: str, look: Callable[[int], T]) -> T:
    """Return what `look` finds in the current generation; look again if it was replaced meanwhile, perhaps half deleted."""
    while True:
        number = load_state(group).current
        result = look(number)
        if load_state(group).current == number:
            return result


def begin(group: str, *, restart: bool = False) -> Generations:
    """Let the next generation be built; `restart` gives up the one that is. Raises `AlreadyBuilding`."""

    def change(state: Generations, now: datetime) -> Generations:
        if state.building is not None and not restart:
            raise AlreadyBuilding(f"generation {state.building} of {group} is being built")
        retired = state.retired if state.building is None else (*state.retired, (state.building, now))
        return replace(state, newest=state.newest + 1, building=state.newest + 1, asked_at=now, retired=retired)

    return _change(group, change)


def swap(group: str, number: int) -> bool:
    """Let readers see the generation that was built; false when it is not the one being built any more."""

    def change(state: Generations, now: datetime) -> Generations:
        if state.building != number:
            return state
        retired = (*state.retired, (state.current, now))
        return replace(state, current=number, building=None, swapped_at=now, retired=retired)

    return _change(group, change).current == number


def mark_deleted(group: str, number: int) -> None:
    """Forget a retired generation, of which nothing is left."""

    def change(state: Generations, _now: datetime) -> Generations:
        return replace(state, retired=tuple(generation for generation in state.retired if generation[0] != number))

    _change(group, change)


def _change(group: str, change: Callable[[Generations, datetime], Generations]) -> Generations:
    now = connection.server_time()  # asked outside: the command is refused in a transaction

    def work() -> Generations:
        changed = change(load_state(group), now)
        connection.database()[COLLECTION].replace_one({"_id": group}, _row_of(changed), upsert=True)
        return changed

    return in_racing_transaction(work)


def _writing_as(number: int, work: Callable[..., None]) -> Callable[..., None]:
    def run(*args: Any) -> None:
        token = _writing.set(number)
        try:
            work(*args)
        finally:
            _writing.reset(token)

    return run


def _refuse_retired(group: str, number: int) -> None:
    state = load_state(group)
    if number not in state.living:
        raise Retired(f"generation {number} of {group} is retired")
    if number == state.building:
        failpoints.hit("rebuild.mid_fold", group)


def _row_of(state: Generations) -> dict[str, Any]:
    return {
        "current": state.current,
        "newest": state.newest,
        "building": state.building,
        "asked_at": state.asked_at,
        "swapped_at": state.swapped_at,
        "retired": [{"number": number, "at": at} for number, at in state.retired],
    }


def _from_row(row: dict[str, Any]) -> Generations:
    return Generations(
        row["_id"],
        current=row["current"],
        newest=row["newest"],
        building=row["building"],
        asked_at=row["asked_at"],
        swapped_at=row["swapped_at"],
        retired=tuple((generation["number"], generation["at"]) for generation in row["retired"]),
    )
