"""Names what a service does by the clock: under the service's lease, so that of any number of workers one does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.kernel.service import Declaration


@dataclass(frozen=True, slots=True)
class Timer(Declaration):
    """A job whose `run` is called every `seconds`, as the system principal; it must be safe to run again at once."""

    name: str
    seconds: float
    run: Callable[[], object]
