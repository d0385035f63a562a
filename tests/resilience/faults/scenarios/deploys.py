"""Code that fails: on one aggregate (poison), or on everything (a bad release)."""

from __future__ import annotations

from tests.resilience.faults.ground import QUICK
from tests.resilience.faults.history import Command
from tests.resilience.faults.schedule import Scenario, Stage
from tests.support.waiting import until

WORKER, GROUP = "finance worker 0", "finance.billing"
BREAKER = int(QUICK["SCORE_BREAKER_EVENTS"])
DELIVERED = "id.score.enrollment.training_delivered.v1"


def _prepared(stage: Stage, many: int, *, invoiced: bool) -> list[Command]:
    """Classrooms ready to be delivered; the deliveries are returned, not yet given."""
    stage.clients.give(stage.stream.institution())
    deliveries = []
    for _ in range(many):
        stage.clients.give(stage.stream.enterprise())
        training, seat, delivery, *_ = stage.stream.delivery(invoiced=invoiced)
        stage.clients.give(training)
        stage.clients.give(seat)
        deliveries.append(delivery)
    return deliveries


def poison(stage: Stage) -> None:
    """One aggregate fails and is parked, its later events queue behind, all others flow; retried after the mend, twice."""
    bad, *good = _prepared(stage, 3, invoiced=False)
    key = stage.clients.history.ids[bad.name]
    stage.fleet.restart(WORKER, f"cons.in_txn@{GROUP} {DELIVERED} {key}:1+:raise")
    stage.fleet.await_ready(WORKER)
    stage.clients.give(bad)
    stage.clients.give(stage.stream.reversal(bad.name))
    for delivery in good:
        stage.clients.give(delivery)
    stage.faults["poison"] += 1
    until(lambda: sorted(_reasons(stage, key)) == ["failed", "gap"], lambda: f"parked: {_reasons(stage, key)}")
    others = {stage.clients.history.ids[delivery.name] for delivery in good}
    until(lambda: others <= _invoiced(stage), "the other aggregates are invoiced")
    stage.fleet.restart(WORKER)
    stage.fleet.await_ready(WORKER)
    (failed,) = (row["_id"] for row in _parked(stage) if str(row["key"]) == key and row["reason"] == "failed")
    first, second = (stage.platform.retry_parked(failed) for _ in range(2))
    stage.hold(first.returncode == 0, f"parked retry: {first.stdout}{first.stderr}")
    stage.hold(second.returncode == 1, f"a second retry finds nothing: {second.stdout}{second.stderr}")


def bad_release(stage: Stage) -> None:
    """Everything fails: the group stops before it parks the world, and its offsets stay where they are."""
    deliveries = _prepared(stage, BREAKER + 3, invoiced=True)
    stage.rest()
    stops = _stops(stage)
    stage.fleet.restart(WORKER, f"cons.in_txn@{GROUP}:1+:raise")
    stage.fleet.await_ready(WORKER)
    for delivery in deliveries:
        stage.clients.give(delivery)
    stage.faults["bad release"] += 1
    until(lambda: _stops(stage) > stops, "the breaker opens")
    at = stage.committed(GROUP)
    parked = len(_parked(stage))
    stage.drive(10)
    stage.hold(stage.committed(GROUP) == at, "offsets moved while the breaker was open")
    stage.hold(parked < BREAKER, f"{parked} records were parked by a bad release")
    stage.hold(len(_parked(stage)) <= parked + 1, "the group went on parking")
    stage.fleet.restart(WORKER)
    stage.fleet.await_ready(WORKER)
    for row in _parked(stage):
        if row["reason"] == "failed" and row["_id"] not in stage.planted.parked:
            stage.platform.retry_parked(row["_id"])


def _stops(stage: Stage) -> int:
    """How often the group has said that its breaker is open."""
    return stage.ground.said(WORKER, "group stopped")


def _parked(stage: Stage) -> list[dict]:
    return [row for row in stage.store.parked("finance").values() if row["group"] == GROUP]


def _reasons(stage: Stage, key: str) -> list[str]:
    return [row["reason"] for row in _parked(stage) if str(row["key"]) == key]


def _invoiced(stage: Stage) -> set[str]:
    return {str(row["training_id"]) for row in stage.store.rows("finance", "invoices")}


SCENARIOS = (
    Scenario("poison-and-retry", ("F16", "F19"), poison),
    Scenario("bad-release", ("F17",), bad_release),
)
