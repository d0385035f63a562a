"""Wakes consumer groups when there is something for them to do: one cheap question per worker, never the truth.

Asking where the logs end costs a quarter of what a group's poll does, so one thread asks often, looks at what was added
and wakes the groups that react to it; the others come by in their own time. When nobody can ask, `watching` is false and
the groups poll at their short interval, as they would without it. Where relays nudge (`nudged`), it asks seldom.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from weakref import WeakSet

from shared.kernel.settings.current import settings
from shared.messaging.kafka.cluster import Unreachable
from shared.messaging.kafka.log_ends import LogEnds
from shared.messaging.ports import Types
from shared.messaging.subscriptions import ConsumerGroup
from shared.observability import logs

log = logs.get(__name__)
REST_SECONDS = 1.0


class WakeSignal:
    """The signal that one group waits on. `raised` is set when there may be something to read."""

    def __init__(self, wakeup: ConsumerWakeup, group: ConsumerGroup) -> None:
        self._wakeup, self._group, self.raised = wakeup, group, threading.Event()

    def wait(self, seconds: float) -> bool:
        """Wait until it is raised, at most so long; the longest pause is longer while somebody watches. True: it was."""
        if self._wakeup.watching and seconds >= settings().consumer_idle_ms / 1000:
            seconds = settings().consumer_backstop_ms / 1000
        woken = self.raised.wait(seconds)
        self.raised.clear()
        return woken

    def concerns(self, topic: str, types: Types | None) -> bool:
        return types is None or self._group.is_concerned(topic, types)


class ConsumerWakeup:
    def __init__(self, client_id: str, stop: threading.Event) -> None:
        self.watching = False
        self.nudged = False
        self._grown: set[str] = set()
        self._client_id, self._stop = client_id, stop
        self._lock = threading.Lock()
        self._signals: dict[str, WeakSet[WakeSignal]] = {}

    def signal(self, group: ConsumerGroup) -> WakeSignal:
        """Make a signal that is raised when something came that the group reacts to, for as long as somebody holds it."""
        signal = WakeSignal(self, group)
        with self._lock:
            for topic in group.topics:
                self._signals.setdefault(topic, WeakSet()).add(signal)
        return signal

    def note_growth(self, topic: str, types: Types) -> None:
        """Take note of what a topic has just taken in."""
        with self._lock:
            self._grown.add(topic)
        self._wake({topic: types})

    def run(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch()
            except Unreachable as error:
                log.info("topics not watched, groups poll", error=type(error).__name__)
            self.watching = False
            self._wake(dict.fromkeys(self._signals))
            self._stop.wait(REST_SECONDS)

    def _watch(self) -> None:
        ends = LogEnds(self._client_id)
        try:
            while not self._stop.is_set():
                with self._lock:
                    grown_topics, self._grown = self._grown, set()
                self._wake(ends.grown(sorted(self._signals), grown_topics))
                self.watching = True
                self._stop.wait((settings().nudged_look_ms if self.nudged else settings().doorbell_ms) / 1000)
        finally:
            ends.close()

    def _wake(self, grown: Mapping[str, Types | None]) -> None:
        with self._lock:
            for topic, types in grown.items():
                for signal in self._signals.get(topic, ()):
                    if signal.concerns(topic, types):
                        signal.raised.set()
