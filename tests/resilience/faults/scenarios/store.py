"""The store goes away while groups consume and clients ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.resilience.faults.schedule import Scenario, Stage
from tests.support.waiting import until

GROUPS = ("finance.billing", "reporting.results")
WORKERS = ("finance worker 0", "reporting worker 0")


def stopped(stage: Stage) -> None:
    """Groups wait, offsets stand still, nothing is parked; commands on their way are answered in the end."""
    for by_force in (False, True):
        said = {name: _complaints(stage, name) for name in WORKERS}
        given = len(stage.clients.history.ended("ok"))
        with ThreadPoolExecutor(1) as clients:
            driving = clients.submit(stage.drive, 20)
            until(lambda given=given: len(stage.clients.history.ended("ok")) >= given + 5, "commands are accepted")
            stage.ground.end_store(by_force=by_force)
            stage.faults["store killed" if by_force else "store stopped"] += 1
            for name in WORKERS:
                until(lambda name=name, said=said: _complaints(stage, name) > said[name], f"{name} notices")
            at = stage.committed(*GROUPS)
            for name in WORKERS:
                stage.hold(stage.fleet[name].alive, f"{name} ended because the store was away")
            stage.hold(stage.committed(*GROUPS) == at, "offsets moved while the store was away")
            stage.ground.start_store()
            driving.result()


def _complaints(stage: Stage, name: str) -> int:
    return stage.ground.said(name, "store away")


SCENARIOS = (Scenario("store-stopped-while-consuming", ("F24",), stopped),)
