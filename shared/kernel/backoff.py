"""When to try again: pauses that grow, each moved a little so that many do not knock at once."""

from __future__ import annotations

import random
from collections.abc import Iterator


def pauses(first: float, longest: float, *, jitter: float = 0.2) -> Iterator[float]:
    """Yield the seconds to wait before each next try: doubling from `first` to `longest`, each moved by up to `jitter`."""
    pause = first
    while True:
        yield pause * (1 + random.uniform(-jitter, jitter))  # noqa: S311 - spreading load, not secrecy
        pause = min(pause * 2, longest)
