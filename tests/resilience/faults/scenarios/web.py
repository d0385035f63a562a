"""The process that answers commands is killed at each of its failpoints; clients ask again with the same key."""

from __future__ import annotations

from tests.resilience.faults.scenarios.killing import await_ready, kill_at
from tests.resilience.faults.schedule import Scenario, Stage

BEFORE_COMMIT = ("api.after_parse", "api.before_txn", "outbox.after_insert@outbox", "api.before_commit")
AFTER_COMMIT = ("api.after_commit", "api.before_response")


def _kill(stage: Stage, points: tuple[str, ...]) -> None:
    kill_at(stage, "enrollment web", [f"{point}:{stage.random.randint(1, 3)}" for point in points])
    await_ready(stage, "enrollment web")


def killed_before_commit(stage: Stage) -> None:
    """Nothing of the command is left; asked again, it is carried out once."""
    _kill(stage, BEFORE_COMMIT)


def killed_after_commit(stage: Stage) -> None:
    """The command was carried out; asked again, its first answer comes."""
    _kill(stage, AFTER_COMMIT)


SCENARIOS = (
    Scenario("web-killed-before-commit", ("F1",), killed_before_commit),
    Scenario("web-killed-after-commit", ("F2",), killed_after_commit),
)
