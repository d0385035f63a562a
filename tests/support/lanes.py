"""Lanes of the suite that need a tool of the machine: the last lines of a run name those that could not be driven.

With `SCORE_REQUIRE=all`, as in `.ci/run`, a missing lane fails the run instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import node
from tests.support.browser import CHROMIUM

# the marker of a lane, with what it needs and whether that is here
LANES: dict[str, tuple[str, Callable[[], bool]]] = {
    "browser": (str(CHROMIUM), CHROMIUM.exists),
    "npm": (node.NPM, node.is_here),
}
_waiting = pytest.StashKey[dict[str, int]]()


def required() -> bool:
    return os.environ.get("SCORE_REQUIRE") == "all"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Count the chosen tests of each lane, in whichever process collects."""
    config.stash[_waiting] = {lane: sum(1 for item in items if item.get_closest_marker(lane)) for lane in LANES}


def missing(config: pytest.Config) -> list[str]:
    """In words, the lanes that were asked for and are not here. A controller does not collect: there every lane counts."""
    counted = config.stash.get(_waiting, dict.fromkeys(LANES, 1))
    return [
        f"lane {lane}: not driven, {needs} is missing"
        for lane, (needs, is_here) in LANES.items()
        if counted[lane] and not is_here()
    ]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput") or not required():
        return
    if missing(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in missing(config):
        terminalreporter.write_line(
            f"{line}{' (required)' if required() else ''}", yellow=not required(), red=required()
        )
