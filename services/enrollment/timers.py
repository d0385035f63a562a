"""What enrollment does by the clock."""

from shared.runtime.timer import Timer

TIMERS: tuple[Timer, ...] = ()
