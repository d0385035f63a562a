"""Rows kept from events, the same whatever the order in which the events come.

A row belongs to a generation: a rebuild writes the rows of the next one beside those that are read.

Events of one key have numbers, events of different keys have no order. So each part of a row belongs to one key and remembers
the number of the event that it shows: an older or repeated event changes nothing, and a part that has not arrived is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Self
from uuid import UUID

import mongoengine as me

from shared.contracts.event import Event
from shared.domain.aggregate import StoredDocument
from shared.kernel import ids
from shared.messaging.projections.generations import FIRST
from shared.storage.transaction import current_batch


class Projection(StoredDocument):
    """A row per thing counted and generation. `recorded_at` is when its newest event was recorded."""

    meta: ClassVar[dict[str, Any]] = {"abstract": True}

    generation = me.IntField(required=True, default=FIRST)
    recorded_at = me.DateTimeField(required=True)

    @classmethod
    def of(cls, thing_id: UUID, generation: int) -> Self:
        """The row as the running transaction has it; what it hears is written at the transaction's end."""
        row_id = row_id_of(thing_id, generation)
        return cls._held(row_id, generation, lambda: cls.find(row_id))

    @classmethod
    def load_together(cls, thing_ids: Iterable[UUID], generation: int) -> None:
        """Let the running transaction have these rows, all read at once."""
        row_ids = {row_id_of(thing_id, generation) for thing_id in thing_ids}
        found = {row.id: row for row in cls.objects(id__in=list(row_ids))}
        for row_id in row_ids:
            cls._held(row_id, generation, partial(found.get, row_id))

    @classmethod
    def _held(cls, row_id: UUID, generation: int, find: Callable[[], Self | None]) -> Self:
        collection = cls._meta["collection"]
        return current_batch().load_once(collection, row_id, lambda: find() or cls(id=row_id, generation=generation))

    def row(self) -> dict[str, Any]:
        self.validate()
        stored: dict[str, Any] = self.to_mongo().to_dict()
        return stored

    @classmethod
    def rows_of(cls, generation: int) -> list[Self]:
        return list(cls.objects(generation=generation))

    def apply(self, event: Event, *, sequence: int, recorded_at: datetime) -> None:
        self.apply_event(event, sequence)
        self.recorded_at = max(self.recorded_at or recorded_at, recorded_at)

    def apply_event(self, event: Event, sequence: int) -> None:
        raise NotImplementedError


def row_id_of(thing_id: UUID, generation: int) -> UUID:
    """The thing's own id in the first generation; in later ones an id made of both, since they lie side by side."""
    return thing_id if generation == FIRST else ids.derived("projection", generation, thing_id)


class Part(me.EmbeddedDocument):  # type: ignore[misc]
    """What one key says of a row; `sequence` is the number of the event that said it."""

    meta: ClassVar[dict[str, Any]] = {"abstract": True}

    sequence = me.IntField(required=True)


def newer(known: Any, sequence: int) -> bool:
    """Whether an event with this number is later than what a part, or a bare number, already shows."""
    return bool(known is None or sequence > getattr(known, "sequence", known))


GROUP = "reporting.results"
