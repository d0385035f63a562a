"""Events that a group does not react to wait a moment for others: moving their cursors is a transaction too.

A topic has many groups, and an event concerns a handful of them. Were each of the others to move its cursor at once, their
transactions would stand in the store's queue before the ones that somebody waits for. Nothing is delivered otherwise than
it would be at once: in the order of the log, in one batch with what came after, and no offset is committed before.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Sequence

from shared.kernel.settings.current import settings
from shared.messaging.bookmarks import Place
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup


class DeferredRecords:
    """Keeps what waits, and is true while something does."""

    def __init__(self, group: ConsumerGroup, seconds: Callable[[], float] = time.monotonic) -> None:
        self._group, self._seconds = group, seconds
        self._waiting: list[Incoming] = []
        self._until = 0.0

    def __bool__(self) -> bool:
        return bool(self._waiting)

    @property
    def places(self) -> set[Place]:
        """Return where what waits was read."""
        return {(record.topic, record.partition) for record in self._waiting}

    def forget(self, places: Collection[Place] | None = None) -> None:
        """Forget what was read of these places (all: None); it is read again from the last committed offset or the start."""
        self._waiting = [r for r in self._waiting if places is not None and (r.topic, r.partition) not in places]

    def joined_by(self, records: Sequence[Incoming]) -> list[Incoming]:
        """Return what is to be delivered now: nothing while all of it can wait, otherwise all of it, oldest first."""
        now = self._seconds()
        if records and not self._waiting:
            longest = settings().unconcerned_ms / 1000
            self._until = now + longest * random.uniform(0.5, 1.0)  # noqa: S311 - not all groups at once
        self._waiting += records
        if (
            now < self._until
            and len(self._waiting) < settings().batch_events
            and not any(map(self._group.is_concerned_by, records))
        ):
            return []
        due, self._waiting = self._waiting, []
        return due
