"""Rows kept from events, the same whatever the order in which the events come.

A row belongs to a generation: a rebuild writes the rows of the next one beside those that are read.

Events of one key have numbers, events of different keys have no order. So each part of a row belongs to one key and remembers
the number of the event that it shows: an older or repeated event changes nothing, and a part that has not arrived is empty.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import mongoengine as me

from shared.contracts.event import Event
from shared.domain.aggregate import StoredDocument
from shared.kernel import ids
from shared.messaging.projections.generations import FIRST


class Projection(StoredDocument):
    """A row per thing counted and generation. `recorded_at` is when its newest event was recorded."""

    meta: ClassVar[dict[str, object]] = {"abstract": True}

    generation = me.IntField(required=True, default=FIRST)
    recorded_at = me.DateTimeField(required=True)

    def row(self) -> dict[str, Any]:
        self.validate()
        stored: dict[str, Any] = self.to_mongo().to_dict()
        return stored

    def apply(self, event: Event, *, sequence: int, recorded_at: datetime) -> None:
        self.apply_event(event, sequence)
        self.recorded_at = max(self.recorded_at or recorded_at, recorded_at)

    def apply_event(self, event: Event, sequence: int) -> None:
        raise NotImplementedError


def row_id_of(thing_id: UUID, generation: int) -> UUID:
    """Return the thing's own id in the first generation; in later ones an id of both, since they lie side by side."""
    return thing_id if generation == FIRST else ids.derived("projection", generation, thing_id)


class Part(me.EmbeddedDocument):  # type: ignore[misc]
    """A part of a row, which belongs to one key; `sequence` is the number of the event that said it."""

    meta: ClassVar[dict[str, object]] = {"abstract": True}

    sequence = me.IntField(required=True)


def newer(shown: Part | int | None, sequence: int) -> bool:
    """Return whether an event with this number is later than what a part, or a bare number, already shows."""
    number = shown.sequence if isinstance(shown, Part) else shown
    return bool(number is None or sequence > number)


GROUP = "reporting.results"
