"""Killing a process at one failpoint after another, under load."""

from __future__ import annotations

from collections.abc import Sequence

from tests.resilience.faults.schedule import Stage
from tests.support.waiting import until

MOST_COMMANDS = 60  # in which a failpoint must be reached
BACKLOG = 2  # commands that are given before the process is there


def kill_at(stage: Stage, name: str, points: Sequence[str]) -> None:
    """Each point is `name@about:n`; the process that replaces the dead one is armed with the next."""
    process = stage.fleet[name]
    first, *following = [f"{point}:kill" for point in points]
    stage.fleet.then(name, *following)
    before = process.replaced
    stage.fleet.restart(name, first)
    for number, point in enumerate(points, start=1):

        def died(number: int = number) -> bool:
            return process.replaced >= before + number

        stage.drive(BACKLOG)
        until(lambda died=died: died() or process.ready, f"{name} is ready")
        stage.clients.drive_until(stage.stream, died, f"{name} died at {point}", MOST_COMMANDS)
        stage.faults[f"SIGKILL at {point.partition(':')[0].partition('@')[0]}"] += 1
    stage.drive(4)


def await_ready(stage: Stage, name: str) -> None:
    until(lambda: stage.fleet[name].ready, f"{name} is ready")
