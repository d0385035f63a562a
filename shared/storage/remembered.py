"""Remembers what a process has read of its store, and reads it again once that is too old.

For lists that every request asks for, and that may be a little behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """The result of `read`, at most `seconds` old."""

    def __init__(self, read: Callable[[], T], seconds: Callable[[], float]) -> None:
        self._read, self._seconds = read, seconds
        self._kept: tuple[T, float] | None = None  # the result, and when it was asked for

    def __call__(self) -> T:
        kept, now = self._kept, time.monotonic()
        if kept is None or now - kept[1] > self._seconds():
            kept = self._kept = self._read(), now
        return kept[0]

    def forget(self) -> None:
        """Read it again the next time: this process has changed it."""
        self._kept = None
