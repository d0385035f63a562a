"""What is worth trying again, and when.

A store or broker that is away is never the event's fault: it is `Away`, nothing is parked and the group waits. Everything
else a reaction raises is tried again a few times with growing pauses, then parked.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from pymongo.errors import ConnectionFailure, ExecutionTimeout, NetworkTimeout, PyMongoError, WTimeoutError

AWAY = (ConnectionFailure, ExecutionTimeout, NetworkTimeout, WTimeoutError)


def store_is_away(error: BaseException) -> bool:
    return isinstance(error, AWAY) or (isinstance(error, PyMongoError) and error.timeout)


def pauses(first: float, longest: float, *, jitter: float = 0.2) -> Iterator[float]:
    """Seconds to wait before each next try: doubling from `first` to `longest`, each moved by up to `jitter`."""
    pause = first
    while True:
        yield pause * (1 + random.uniform(-jitter, jitter))  # noqa: S311 - spreading load, not secrecy
        pause = min(pause * 2, longest)
