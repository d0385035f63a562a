"""Lets changes of one object that many callers want at the same moment take turns within a process.

The store decides between transactions that touch one row by refusing all but one, and each refused one runs again. Of
many at once most would spend their time being refused, and some would run out of it. Taking turns costs nothing when
nobody else is there; between processes the store still decides.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

LANES: Final = 64  # objects that share a lane wait for each other without need, so there are some more than threads
_lanes: Final = tuple(threading.Lock() for _ in range(LANES))


def turn(path: Mapping[str, Any], names: tuple[str, ...], *, wanted: bool) -> AbstractContextManager[object]:
    """Return the lock to hold while the object named by these path arguments is changed; an empty one if not `wanted`."""
    if not wanted:
        return nullcontext()
    return _lanes[hash(tuple(path[name] for name in names)) % LANES]
