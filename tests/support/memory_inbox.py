"""A group's inbox in memory: the same promises as the store's, for the simulation and the conformance of both."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from shared.contracts.wire.compacted import Said
from shared.kernel import clock
from shared.kernel.settings.current import settings
from shared.messaging.copies import received
from shared.messaging.cursors import Cursor
from shared.messaging.inbox.parked import asks_after_a_no
from shared.messaging.ports import (
    Doubt,
    Gap,
    Heard,
    Incoming,
    Parked,
)

T = TypeVar("T")
Place = tuple[str, UUID | int, int, UUID | None]
END = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Stored:
    """What a transaction may change."""

    cursors: dict[tuple[str, UUID], Cursor] = field(default_factory=dict)
    parked: dict[Place, Parked] = field(default_factory=dict)
    discarded: dict[Place, str] = field(default_factory=dict)
    given_up: dict[Place, UUID | None] = field(default_factory=dict)
    ask_at: dict[Place, tuple[datetime, int]] = field(default_factory=dict)
    tried: dict[tuple[str, int, int], frozenset[object]] = field(default_factory=dict)
    parties: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    effects: list[object] = field(default_factory=list)

    def copied(self) -> Stored:
        """Enough of a copy: what is kept in here is replaced, never changed in place."""
        return Stored(
            dict(self.cursors),
            dict(self.parked),
            dict(self.discarded),
            dict(self.given_up),
            dict(self.ask_at),
            dict(self.tried),
            dict(self.parties),
            list(self.effects),
        )


class MemoryInbox:
    """`stored.effects` is for handlers under test: what they append is rolled back with the rest.

    A process that died and was started again is another `process` with the same `stored`.
    """

    def __init__(self) -> None:
        self.stored = Stored()
        self.process: object = 1

    def transaction(self, work: Callable[[], T]) -> T:
        before = self.stored.copied()
        try:
            return work()
        except BaseException:
            self.stored = before
            raise

    def begin(self, record: Incoming) -> int:
        place = (record.topic, record.partition, record.offset)
        self.stored.tried[place] = self.stored.tried.get(place, frozenset()) | {self.process}
        return len(self.stored.tried[place])

    def finish(self, record: Incoming) -> None:
        self.stored.tried.pop((record.topic, record.partition, record.offset), None)

    def cursors(self, topic_keys: Sequence[tuple[str, UUID]]) -> dict[tuple[str, UUID], Cursor]:
        return {pair: copy.copy(self.stored.cursors.get(pair, Cursor(*pair))) for pair in topic_keys}

    def save(self, cursors: Sequence[Cursor]) -> None:
        for cursor in cursors:
            self.stored.cursors[cursor.topic, cursor.key] = copy.copy(cursor)

    def park(self, parked: Parked) -> bool:
        place = self._place(parked)
        is_given_up = place in self.stored.discarded
        if place in self.stored.parked or (is_given_up and self.stored.given_up[place] == parked.event_id):
            return False
        self.stored.parked[place] = parked
        if parked.reason == "gap" or parked.failure == "diverged":
            self.stored.ask_at[place] = parked.parked_at, 0
        return True

    def parked_at(self, topic: str, key: UUID, sequence: int) -> Parked | None:
        return self.stored.parked.get((topic, key, sequence, None))

    def beside(self, topic: str, key: UUID, sequence: int | None = None) -> list[Parked]:
        aside = [p for p in self.stored.parked.values() if p.aside and (p.record.topic, p.key) == (topic, key)]
        return [parked for parked in aside if sequence in (None, parked.sequence)]

    def release(self, parked: Parked) -> None:
        self.stored.parked.pop(self._place(parked), None)

    def due(self, now: datetime, woken_by: str | None = None) -> list[Parked]:
        waiting = [parked for parked in self.stored.parked.values() if parked.reason == "waiting"]
        if woken_by is not None:
            return [parked for parked in waiting if parked.waiting_for == woken_by]
        due = [parked for parked in waiting if parked.next_try_at and parked.next_try_at <= now]
        return sorted(due, key=lambda parked: (str(parked.key), parked.sequence))

    def postpone(self, parked: Parked) -> None:
        place = self._place(parked)
        if place in self.stored.parked:
            self.stored.parked[place] = parked
            if parked.reason != "gap" and parked.failure != "diverged":
                self.stored.ask_at.pop(place, None)

    def failed(self) -> list[Parked]:
        return [parked for parked in self.stored.parked.values() if parked.reason == "failed"]

    def missing(self, before: datetime) -> list[Gap]:
        found: dict[tuple[str, UUID], Gap] = {}
        for place, parked in self.stored.parked.items():
            ask_at, asks = self.stored.ask_at.get(place, (before, 0))
            if parked.key is None or ask_at >= before:
                continue
            asks += 1
            parked.asks = asks
            later = before + timedelta(seconds=settings().gap_seconds * 2**asks)
            self.stored.ask_at[place] = (later if asks < settings().gap_asks else END, asks)
            cursor = self.cursors([(parked.record.topic, parked.key)])[parked.record.topic, parked.key]
            if cursor.doubt:
                found[cursor.topic, cursor.key] = Gap(cursor.topic, cursor.key, 1, cursor.doubt)
            elif not self.parked_at(cursor.topic, cursor.key, cursor.sequence + 1):
                found[cursor.topic, cursor.key] = Gap(cursor.topic, cursor.key, cursor.sequence + 1)
        return list(found.values())

    def note_unknown(self, topic: str, keys: Collection[UUID], now: datetime) -> None:
        for place, (_, asks) in self.stored.ask_at.items():
            parked = self.stored.parked.get(place)
            if parked and parked.key in keys and parked.record.topic == topic and asks < settings().gap_asks:
                parked.asks = asks_after_a_no(asks, settings().gap_asks)
                later = now + timedelta(seconds=settings().gap_seconds * (2**parked.asks - 1))
                self.stored.ask_at[place] = (later, parked.asks)

    def ask_anew(self, parked: Parked) -> None:
        self.stored.ask_at[self._place(parked)] = parked.parked_at, 0

    def discard(self, parked: Parked, why: str, at: datetime) -> None:
        del at
        self.stored.discarded[self._place(parked)] = why
        self.stored.given_up[self._place(parked)] = parked.event_id
        self.stored.parked.pop(self._place(parked), None)

    def keep_copy(self, said: Said, heard: Heard) -> bool:
        row = self.stored.parties.get(said.key, {})
        self.stored.parties[said.key], is_news = received(row, "group", said, heard, clock.now())
        return is_news

    def claim_doubts(self, topics: Collection[str], now: datetime, most: int) -> list[Doubt]:
        rows = self.stored.parties
        due = [
            key for key, row in rows.items() if "doubt" in row and row["ask_at"] <= now and row["doubted_on"] in topics
        ]
        for key in due[:most]:
            rows[key] = {**rows[key], "ask_at": now + timedelta(seconds=settings().confirm_seconds)}
        return [Doubt(rows[key]["doubt"], rows[key]["doubted_on"], key) for key in due[:most]]

    def _place(self, parked: Parked) -> Place:
        aside = parked.event_id if parked.aside else None
        return (parked.record.topic, parked.key or parked.record.partition, parked.sequence, aside)
