"""I10: watches committed offsets during a run. They never move back, but after a loss of the broker."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable

from kafka.errors import KafkaError

from tests.resilience.faults.checker.log import Offsets, Place

EVERY = 1.0


class OffsetWatch:
    """Between `forgive` and `trust_again` offsets may be anything: the log is not the one that was read."""

    def __init__(self, connect: Callable[[], Offsets], groups: Callable[[], list[str]]) -> None:
        self._connect, self._groups = connect, groups
        self._highest: dict[str, dict[Place, int]] = defaultdict(dict)
        self._forgiving, self._over = False, threading.Event()
        self._era = 0
        self._lock = threading.Lock()
        self.samples = 0
        self.moved_back: list[str] = []
        self._thread = threading.Thread(target=self._run, name="offsets", daemon=True)
        self._thread.start()

    def forgive(self) -> None:
        with self._lock:
            self._era += 1
            self._forgiving = True

    def trust_again(self) -> None:
        with self._lock:
            if self._forgiving:
                self._era += 1
                self._highest.clear()
            self._forgiving = False

    def forget(self, group: str) -> None:
        """The group was removed on purpose and begins anew."""
        with self._lock:
            self._era += 1
            self._highest.pop(group, None)

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        offsets: Offsets | None = None
        while not self._over.wait(EVERY):
            try:
                offsets = offsets or self._connect()
                era = self._era
                found = offsets.of(self._groups())
            except (KafkaError, OSError, ValueError, KeyError):  # the broker is away or not yet itself
                offsets = _closed(offsets)
                continue
            with self._lock:
                if era == self._era and not self._forgiving:  # else it was asked for before something else held
                    self._compare(found)
        _closed(offsets)

    def _compare(self, found: dict[str, dict[Place, int]]) -> None:
        for group, places in found.items():
            for place, offset in places.items():
                self.samples += 1
                highest = self._highest[group].get(place, -1)
                if 0 <= offset < highest:
                    self.moved_back.append(f"{group} at {place[0]}/{place[1]}: {highest} -> {offset}")
                self._highest[group][place] = max(offset, highest)


def _closed(offsets: Offsets | None) -> None:
    if offsets is not None:
        offsets.close()
