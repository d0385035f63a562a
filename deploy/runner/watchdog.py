"""Replaces what hangs: a store that no longer works, and a broker, worker or web that no longer answers.

A deadlocked store keeps its port, ignores SIGTERM and burns a core; its clients wait. One whose disk was full answers pings
and does nothing else, also when there is space again. So the watchdog writes and reads a row and, after the set number of
misses in a row, kills the store; the stack then starts it again on the same port and data. Nothing that was acknowledged is
lost by that, since every commit is on the disk. What else is stopped or stuck is killed when it has not answered for the
set time, and started again like what died.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from deploy.runner.child import Child
from deploy.runner.console import Console
from deploy.runner.engines import Store, probe_store
from deploy.settings import RunnerSettings


class Watchdog:
    def __init__(self, store: Store, settings: RunnerSettings, console: Console) -> None:
        self._store, self._settings, self._console = store, settings, console
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        probe_store(
            self._store.url, self._settings.ping_timeout_seconds
        )  # makes its collection, while nobody makes others
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=self._settings.ping_timeout_seconds + 1)

    def _watch(self) -> None:
        misses, watched = 0, self._store.pid
        while not self._stopped.wait(self._settings.ping_seconds):
            pid = self._store.pid
            if pid != watched or not self._store.alive:  # it is being replaced: nothing to judge yet
                misses, watched = 0, pid
                continue
            began = time.monotonic()
            missing = probe_store(self._store.url, self._settings.ping_timeout_seconds)
            if missing is None or self._store.pid != watched:
                misses = 0
                continue
            misses += 1
            waited = time.monotonic() - began
            self._console.say(f"{missing}, {misses} of {self._settings.ping_misses} misses ({waited:.1f} s)")
            if misses >= self._settings.ping_misses and not self._stopped.is_set():
                self._console.say(f"the store hangs: killing pid {watched}, it is replaced on the same port and data")
                self._store.kill()
                misses = 0


class LifeWatch:
    """Ends processes that live and do not answer. One that was started again may take as long for that as at first."""

    def __init__(self, children: Sequence[Child], settings: RunnerSettings, console: Console) -> None:
        self._children, self._settings, self._console = children, settings, console
        self._answered: dict[str, tuple[int | None, float]] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="life watch", daemon=True)

    def start(self) -> None:
        """Begin when everything has answered."""
        self._answered = {child.name: (child.pid, time.monotonic()) for child in self._children}
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _watch(self) -> None:
        while not self._stopped.wait(self._settings.ping_seconds):
            for child in self._children:
                if not isinstance(child, Store) and not self._stopped.is_set():
                    self._look_at(child)

    def _look_at(self, child: Child) -> None:
        pid = child.pid
        if child.alive and child.lives() and child.pid == pid:
            self._answered[child.name] = pid, time.monotonic()
            return
        if self._answered[child.name][0] != pid:
            self._answered[child.name] = pid, time.monotonic() + self._settings.start_seconds
        silent = time.monotonic() - self._answered[child.name][1]
        if child.alive and silent > self._settings.live_seconds and not self._stopped.is_set():
            self._console.say(
                f"{child.name} has not answered for {silent:.0f} s: killing pid {pid}, it is started again"
            )
            child.kill()
