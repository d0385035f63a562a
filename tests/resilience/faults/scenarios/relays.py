"""The relay is killed at each of its failpoints, stopped for longer than its lease, and doubled."""

from __future__ import annotations

from tests.resilience.faults.scenarios.killing import await_ready, kill_at
from tests.resilience.faults.schedule import Scenario, Stage
from tests.support.waiting import until

FIRST, SECOND = "enrollment worker 0", "enrollment worker 1"
TOPIC = "score.enrollment"
RENEWALS = 5  # each after a third of the time that a lease lasts
BEFORE_PUBLISH = ("relay.after_lease", "relay.after_read", "relay.before_publish")
AFTER_PUBLISH = ("relay.after_publish", "relay.before_mark", "relay.in_mark", "relay.after_mark")


def _kill(stage: Stage, points: tuple[str, ...]) -> None:
    about = {"relay.after_lease": "enrollment"}
    kill_at(stage, FIRST, [f"{point}@{about.get(point, TOPIC)}:1" for point in points])
    await_ready(stage, FIRST)


def killed_before_publish(stage: Stage) -> None:
    """What was committed is published by the next relay."""
    _kill(stage, BEFORE_PUBLISH)


def killed_after_publish(stage: Stage) -> None:
    """What was published and not marked is published again, and changes nothing."""
    _kill(stage, AFTER_PUBLISH)


def _with_a_second(stage: Stage) -> None:
    stage.fleet.start(SECOND)
    await_ready(stage, SECOND)


def _without_the_second(stage: Stage) -> None:
    stage.fleet.end(SECOND)
    stage.platform.evict(SECOND)


def stopped_in_the_middle(stage: Stage) -> None:
    """A relay is stopped between acknowledgement and mark until another has its lease; then both are alive."""
    zombie = stage.fleet.restart(FIRST, f"relay.before_mark@{TOPIC}:2:stop")
    await_ready(stage, FIRST)
    _with_a_second(stage)
    stage.clients.drive_until(stage.stream, lambda: zombie.stopped, "the relay stops before it marks", 60)
    stage.faults["SIGSTOP of a relay"] += 1
    second = str(stage.fleet[SECOND].pid)
    until(lambda: stage.store.lease_holder("enrollment", "relay").endswith(second), "the other relay takes the lease")
    stage.drive(6)
    zombie.thaw()
    stage.drive(6)
    _without_the_second(stage)


def two_relays(stage: Stage) -> None:
    """Whoever holds the lease is killed, twice, while the other stands by."""
    _with_a_second(stage)
    for _ in range(2):
        holder = stage.store.lease_holder("enrollment", "relay")
        for name in (FIRST, SECOND):
            if holder.endswith(f"-{stage.fleet[name].pid}"):
                stage.drive(3)
                stage.fleet[name].kill()
                stage.faults["SIGKILL of the relay that holds the lease"] += 1
        until(lambda holder=holder: stage.store.lease_holder("enrollment", "relay") != holder, "the lease passes on")
        stage.drive(4)
    stage.fleet.await_ready(FIRST, SECOND)
    _without_the_second(stage)


def _has_renewed(stage: Stage, process: str, times: int) -> bool:
    lease = stage.store.lease("enrollment", "relay")
    return lease["holder"].endswith(process) and lease["renewals"] >= times


def wrong_clocks(stage: Stage) -> None:
    """A worker's wall clock jumps ahead, and back: it takes no lease from a living relay, and takes a stopped one's."""
    for hours in (1, -1):
        stage.fleet[SECOND].clock_offset = hours * 3600
        _with_a_second(stage)
        first, since = str(stage.fleet[FIRST].pid), stage.store.lease("enrollment", "relay")["renewals"]
        until(
            lambda first=first, since=since: _has_renewed(stage, first, since + RENEWALS),
            lambda: (
                f"the living relay renews its lease for longer than a lease lasts: {stage.store.lease('enrollment', 'relay')}"
            ),
        )
        stage.fleet[FIRST].freeze()
        stage.faults[f"wall clock {hours:+} h"] += 1
        second = str(stage.fleet[SECOND].pid)
        until(
            lambda second=second: stage.store.lease_holder("enrollment", "relay").endswith(second),
            "the lease passes on",
        )
        stage.fleet[FIRST].thaw()
        stage.drive(4)
        _without_the_second(stage)
        until(
            lambda first=first: stage.store.lease_holder("enrollment", "relay").endswith(first), "the lease comes back"
        )
    stage.fleet[SECOND].clock_offset = 0


SCENARIOS = (
    Scenario("relay-killed-before-publish", ("F3",), killed_before_publish),
    Scenario("relay-killed-after-publish", ("F4", "F6"), killed_after_publish),
    Scenario("relay-stopped-past-its-lease", ("F5",), stopped_in_the_middle),
    Scenario("two-relays", ("F5",), two_relays),
    Scenario("wrong-wall-clocks", ("F5",), wrong_clocks),
)
