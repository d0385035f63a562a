"""Replaces a store that hangs.

A deadlocked store keeps its port, ignores SIGTERM and burns a core; its clients wait. The watchdog pings it and, after
the set number of misses in a row, kills it; the stack then starts it again on the same port and data. Nothing that was
acknowledged is lost by that, since every commit is on the disk.
"""

from __future__ import annotations

import threading
import time

from deploy.runner.console import Console
from deploy.runner.engines import Store, ping_store
from deploy.settings import RunnerSettings


class Watchdog:
    def __init__(self, store: Store, settings: RunnerSettings, console: Console) -> None:
        self._store, self._settings, self._console = store, settings, console
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
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
            missing = ping_store(self._store.url, self._settings.ping_timeout_seconds)
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
