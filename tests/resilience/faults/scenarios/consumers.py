"""Consumer groups are killed at each failpoint, rebalanced in mid-batch, and stopped for longer than their session."""

from __future__ import annotations

from tests.resilience.faults.scenarios.killing import MOST_COMMANDS, await_ready, kill_at
from tests.resilience.faults.schedule import Scenario, Stage
from tests.support.waiting import until

RESULTS, BILLING = "reporting.results", "finance.billing"
FIRST, SECOND = "finance worker 0", "finance worker 1"


def killed_around_the_effect(stage: Stage) -> None:
    """An effect and its cursor are there together or not at all; what was not finished comes again."""
    points = [f"{point}@{RESULTS}:{stage.random.randint(2, 3)}" for point in ("cons.in_txn", "cons.mid_batch")]
    kill_at(stage, "reporting worker 0", [f"cons.after_poll@{RESULTS}:1", *points])
    await_ready(stage, "reporting worker 0")


def killed_around_the_offset(stage: Stage) -> None:
    """The effect is committed, the offset may not be: the records come again and are known."""
    points = ("cons.after_txn", "cons.before_offset", "cons.after_offset")
    kill_at(stage, "reporting worker 0", [f"{point}@{RESULTS}:{stage.random.randint(1, 2)}" for point in points])
    await_ready(stage, "reporting worker 0")


def killed_before_its_only_effect(stage: Stage) -> None:
    """The last event of a key is the one in work when the process dies: no later one would show that it is missing."""
    stage.clients.give(stage.stream.institution())
    stage.fleet.end("reporting worker 0")
    enterprise = stage.stream.enterprise()
    stage.clients.give(enterprise)
    key = stage.clients.history.ids[enterprise.name]
    process = stage.fleet["reporting worker 0"]
    before = process.replaced
    stage.fleet.start("reporting worker 0", f"cons.in_txn@{key}:1:kill")
    until(lambda: process.replaced > before, f"it dies while it works on {key}")
    stage.faults["SIGKILL at cons.in_txn"] += 1
    await_ready(stage, "reporting worker 0")


def killed_while_it_ends(stage: Stage) -> None:
    """A worker that is asked to end dies before it has left its group."""
    process = stage.fleet.restart(FIRST, f"cons.in_drain@{BILLING}:1:kill")
    await_ready(stage, FIRST)
    before = process.replaced
    stage.drive(6)
    process.ask_to_end()
    until(lambda: process.replaced > before, "it dies while it drains")
    stage.faults["SIGKILL at cons.in_drain"] += 1
    await_ready(stage, FIRST)


def rebalanced(stage: Stage) -> None:
    """A second worker comes, dies while partitions are moved, comes again and leaves, all under load."""
    stage.fleet.start(SECOND)
    stage.drive()
    await_ready(stage, SECOND)
    stage.faults["rebalance: a worker joins"] += 1
    first = stage.fleet[FIRST]
    before = first.replaced
    stage.fleet.restart(FIRST, f"cons.on_revoke@{BILLING}:1:kill")
    await_ready(stage, FIRST)
    stage.fleet.end(SECOND)
    stage.platform.evict(SECOND)
    stage.faults["rebalance: a worker leaves"] += 1
    stage.clients.drive_until(
        stage.stream, lambda: first.replaced > before, "it dies when partitions move", MOST_COMMANDS
    )
    stage.faults["SIGKILL at cons.on_revoke"] += 1
    await_ready(stage, FIRST)
    stage.fleet.start(SECOND)
    stage.drive()
    await_ready(stage, SECOND)
    stage.fleet.end(SECOND)
    stage.platform.evict(SECOND)
    stage.faults["rebalance: a worker joins"] += 1
    stage.faults["rebalance: a worker leaves"] += 1


def zombie(stage: Stage) -> None:
    """Stopped between effect and offset until another has its partitions; its commit must not move them back."""
    frozen = stage.fleet.restart(FIRST, f"cons.before_offset@{BILLING}:1:stop")
    stage.clients.drive_until(stage.stream, lambda: frozen.stopped, "it stops before it commits", MOST_COMMANDS)
    stage.faults["SIGSTOP of a consumer"] += 1
    stage.fleet.start(SECOND)
    stage.platform.expel(FIRST)
    await_ready(stage, SECOND)
    stage.drive()
    frozen.thaw()
    stage.drive(6)
    await_ready(stage, FIRST)
    stage.fleet.end(SECOND)
    stage.platform.evict(SECOND)


SCENARIOS = (
    Scenario("consumer-killed-around-the-effect", ("F12",), killed_around_the_effect),
    Scenario("consumer-killed-around-the-offset", ("F11",), killed_around_the_offset),
    Scenario("consumer-killed-before-its-only-effect", ("F12",), killed_before_its_only_effect),
    Scenario("consumer-killed-while-it-ends", ("F12",), killed_while_it_ends),
    Scenario("consumers-rebalanced", ("F13",), rebalanced),
    Scenario("zombie-consumer", ("F14",), zombie),
)
