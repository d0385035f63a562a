"""Events that nobody of the platform has recorded, and a store that lives and does not work."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

from tests.resilience.faults.garbage import REGISTERED, headers_of, registered
from tests.resilience.faults.load import Command
from tests.resilience.faults.scenarios.records import TOPIC, Pen
from tests.resilience.faults.schedule import Scenario, Stage
from tests.support.waiting import until

STRANGE = "id.score.enrollment.greeting_sent.v1"
WORKERS = ("finance worker 0", "reporting worker 0")
GAPS = 12


def next_sequence(stage: Stage) -> None:
    """A forged record takes the place of the owner's next event: that one is applied all the same, the other is shown."""
    institution = Command("institution", f"institution of {stage.name}", body={"province": "ID-JK"})
    stage.clients.give(institution)
    key = stage.clients.history.ids[institution.name]
    stage.rest()
    pen, headers = Pen(stage), headers_of(key, STRANGE, 2)
    pen.write(TOPIC, key=key.encode(), headers=headers, value=b"{}")
    pen.close()
    forged = dict(headers)["ce_id"].decode()
    for group in stage.hearing(TOPIC):
        service = group.partition(".")[0]
        until(
            lambda service=service, group=group: stage.store.cursors(service, group)[TOPIC, key]["sequence"] == 2,
            f"{group} takes it for the next one",
        )
    stage.planted.record(stage.hearing(TOPIC), TOPIC, key, 2, forged)
    stage.faults["forged next sequence"] += 1
    stage.clients.give(Command("suspension", institution.name))
    stage.drive(4)


def gaps(stage: Stage) -> None:
    """Records far ahead of histories that nobody has: their owner is asked, knows nothing, and everything goes on."""
    pen = Pen(stage)
    for _ in range(GAPS):
        key = str(uuid.uuid4())
        stage.planted.keys.add(key)
        stage.planted.record(stage.hearing(TOPIC), TOPIC, key, 7)
        pen.write(TOPIC, key=key.encode(), headers=headers_of(key, REGISTERED, 7), value=registered(key))
        stage.faults["forged gap"] += 1
    pen.close()
    stage.drive(6)


def broken_store(stage: Stage) -> None:
    """A store that can write no more and answers pings: workers rest, clients are told to come again, nothing is parked."""
    given = len(stage.clients.history.ended("ok"))
    with ThreadPoolExecutor(1) as clients:
        driving = clients.submit(stage.drive, 12)
        until(lambda: len(stage.clients.history.ended("ok")) >= given + 3, "commands are accepted")
        said = {name: stage.ground.said(name, "store away") for name in WORKERS}
        stage.ground.break_store()
        stage.faults["store that does not work"] += 1
        for name in WORKERS:
            until(lambda name=name: stage.ground.said(name, "store away") > said[name], f"{name} notices")
            stage.hold(stage.fleet[name].alive, f"{name} ended because the store did not work")
        stage.ground.end_store(by_force=True)
        stage.ground.start_store()
        driving.result()


SCENARIOS = (
    Scenario("store-that-does-not-work", ("F24",), broken_store),
    Scenario("forged-gaps", ("F18",), gaps),
    Scenario("forged-next-sequence", ("F22", "F36"), next_sequence),
)
