"""Measures how far a generation that is being built has come, key by key, by the cursors of the one that is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.messaging.projections import generations
from shared.messaging.projections.generations import Generations
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection

Place = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Behind:
    """A key that stands below the old generation's cursor; `sequence` is the first that it lacks."""

    topic: str
    key: UUID
    sequence: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a projection's rebuild: `reached` of the `known` keys have caught up.

    `asked` counts requests to owners that are still open, `failed` the records of the new generation that wait for an
    operator, and `begun` is false until a worker has taken it up.
    """

    generations: Generations
    known: int
    reached: int = 0
    asked: int = 0
    failed: int = 0
    begun: bool = False


def behind(group: ConsumerGroup, old: int, new: int) -> Mapping[Behind, bool]:
    """Return the keys with which the new generation has not caught up, and whether a parked record of it explains that."""
    # the old one first, so that what arrives between the two readings counts for the new one
    old_sequences = _sequences(group, old)
    new_sequences = _sequences(group, new)
    late = [
        Behind(*place, new_sequences.get(place, 0) + 1)
        for place, at in old_sequences.items()
        if new_sequences.get(place, 0) < at
    ]
    stuck = _blocked_places(generations.name_of(group.group, new)) if late else set()
    return {missing: (missing.topic, missing.key) in stuck for missing in late}


def progress_of(group: ConsumerGroup) -> Progress:
    """Return how far a rebuild has come, for a person who looks: read from the store alone."""
    state = generations.load_state(group.group)
    current = _sequences(group, state.current)
    if state.building is None:
        return Progress(state, len(current), len(current))
    built, name = _sequences(group, state.building), generations.name_of(group.group, state.building)
    database = connection.database()
    return Progress(
        state,
        len(current),
        sum(built.get(place, 0) >= at for place, at in current.items()),
        asked=database["resends"].count_documents({"group": name}),
        failed=database["parked"].count_documents({"group": name, "reason": "failed"}),
        begun=database["groups"].find_one({"_id": name}) is not None,
    )


def _sequences(group: ConsumerGroup, number: int) -> dict[Place, int]:
    """Return how far a generation is with each key of the topics that the group reads today."""
    query: dict[str, Any] = {"group": generations.name_of(group.group, number)}
    rows = connection.database()["cursors"].find(query, {"topic": 1, "key": 1, "sequence": 1})
    return {(row["topic"], row["key"]): row["sequence"] for row in rows if row["topic"] in group.topics}


def _blocked_places(name: str) -> set[Place]:
    query = {"group": name, "reason": {"$in": ["failed", "waiting"]}}
    rows = connection.database()["parked"].find(query, {"topic": 1, "key": 1})
    return {(row["topic"], row["key"]) for row in rows}
