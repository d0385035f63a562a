"""How many rows of an import share a transaction: as many as allowed, fewer while the store is slow or refuses them.

A transaction must end within its time, on a slow store too; what it costs by itself is shared by its rows.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from services.enrollment.settings import enrollment_settings

FAST = 0.25  # a slice within this share of its time may be followed by a larger one


class Pace:
    """Halves the slice after one that failed or took too long, doubles it after a fast one."""

    def __init__(self) -> None:
        self._size = enrollment_settings().import_slice

    @property
    def size(self) -> int:
        return min(self._size, enrollment_settings().import_slice)

    @contextmanager
    def slice(self) -> Iterator[None]:
        """Around the work on one slice."""
        began, size = time.monotonic(), self.size
        self._size = max(1, size // 2)  # unless it ends well
        yield
        self._size = size
        self.took(time.monotonic() - began)

    def took(self, seconds: float) -> None:
        wanted = enrollment_settings().import_slice_seconds
        if seconds > wanted:
            self._size = max(1, self.size // 2)
        elif seconds < wanted * FAST:
            self._size = min(self.size * 2, enrollment_settings().import_slice)
