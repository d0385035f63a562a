"""Wakes reaction groups when a topic of theirs has grown: one cheap question per worker, never the truth.

Asking where the logs end costs a quarter of what a group's poll does, so one thread asks often and the groups may rest
long. When nobody can ask, `ringing` is false and the groups poll at their short interval, as they would without it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from weakref import WeakSet

from shared.messaging.kafka import Unreachable
from shared.messaging.log_ends import LogEnds
from shared.observability import logs
from shared.runtime.settings import settings

log = logs.get(__name__)
REST_SECONDS = 1.0


class Bell:
    """What one group waits on. `rung` is set when there may be something to read."""

    def __init__(self, doorbell: Doorbell) -> None:
        self._doorbell, self.rung = doorbell, threading.Event()

    def wait(self, seconds: float) -> bool:
        """Until it rings, at most for so long; the longest pause is a longer one while somebody watches. True: it rang."""
        if self._doorbell.ringing and seconds >= settings().consumer_idle_ms / 1000:
            seconds = settings().consumer_backstop_ms / 1000
        rang = self.rung.wait(seconds)
        self.rung.clear()
        return rang


class Doorbell:
    def __init__(self, client_id: str, stop: threading.Event) -> None:
        self.ringing = False
        self._client_id, self._stop = client_id, stop
        self._lock = threading.Lock()
        self._bells: dict[str, WeakSet[Bell]] = {}

    def bell(self, topics: Iterable[str]) -> Bell:
        """Rings when one of these topics has grown, for as long as somebody holds it."""
        bell = Bell(self)
        with self._lock:
            for topic in topics:
                self._bells.setdefault(topic, WeakSet()).add(bell)
        return bell

    def run(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch()
            except Unreachable as error:
                log.info("topics not watched, groups poll", error=type(error).__name__)
            self.ringing = False
            self._ring(list(self._bells))
            self._stop.wait(REST_SECONDS)

    def _watch(self) -> None:
        ends = LogEnds(self._client_id)
        try:
            while not self._stop.is_set():
                self._ring(ends.grown(sorted(self._bells)))
                self.ringing = True
                self._stop.wait(settings().doorbell_ms / 1000)
        finally:
            ends.close()

    def _ring(self, topics: Sequence[str]) -> None:
        with self._lock:
            for topic in topics:
                for bell in self._bells.get(topic, ()):
                    bell.rung.set()
