"""Things a service does by the clock: each under the service's lease, so that one worker does them, whatever their number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shared.kernel.service import Declaration


@dataclass(frozen=True, slots=True)
class Timer(Declaration):
    """`run` is called every `seconds`, as the system principal; it must be safe to run again at once."""

    name: str
    seconds: float
    run: Callable[[], object]
