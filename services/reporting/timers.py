"""What reporting does by the clock."""

from __future__ import annotations

from services.reporting import commands, freshness
from shared.runtime.timer import Timer


def look_whether_caught_up() -> None:
    if freshness.caught_up():
        commands.note_caught_up()


TIMERS = (Timer("reporting.freshness", 5.0, look_whether_caught_up),)
