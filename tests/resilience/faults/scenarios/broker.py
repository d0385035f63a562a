"""The broker is away, frozen, killed with its tail lost, wiped, and a topic is made anew under its old name."""

from __future__ import annotations

import time

from kafka.admin import KafkaAdminClient

from tests.resilience.faults.schedule import Scenario, Stage

WHILE_AWAY = 200
FROZEN_SECONDS = 15.0  # longer than a send may take


def away(stage: Stage) -> None:
    """The platform accepts commands all the same; everything is published, in order, when the broker is back."""
    stage.drive(4)
    stage.rest()
    stage.watch.forgive()
    stage.ground.broker.kill()
    stage.faults["broker away"] += 1
    before = _accepted(stage)
    stage.clients.drive(stage.stream, 2 * WHILE_AWAY, lambda: _accepted(stage) >= before + WHILE_AWAY)
    stage.hold(_accepted(stage) >= before + WHILE_AWAY, f"{_accepted(stage) - before} commands were accepted meanwhile")
    stage.ground.broker.start()
    stage.drive(4)


def _accepted(stage: Stage) -> int:
    return len(stage.clients.history.ended("ok"))


def frozen(stage: Stage) -> None:
    """Acknowledgements do not come in time: what was sent is unknown, and sent again.

    A relay that was about to compare its topic notices there; either way nothing more is published meanwhile.
    """
    stage.drive(4)
    stage.ground.broker.freeze()
    try:
        stage.faults["broker frozen"] += 1
        thaw_at = time.monotonic() + FROZEN_SECONDS
        stage.clients.drive_until(stage.stream, lambda: time.monotonic() > thaw_at, "the broker was frozen", 12)
    finally:
        stage.ground.broker.thaw()
    stage.drive(6)


def tail_lost(stage: Stage) -> None:
    """Killed in the middle of its work, it comes back without its newest records."""
    stage.drive(6)
    stage.rest()
    stage.ground.broker.remember()
    stage.drive()
    stage.rest()
    stage.watch.forgive()
    stage.drive(4)
    stage.ground.broker.kill()
    stage.ground.broker.go_back()
    stage.ground.broker.start()
    stage.faults["broker killed, its tail lost"] += 1
    stage.drive()


def wiped(stage: Stage) -> None:
    """Nothing of the log is left: topics are made again, owners send their history, groups know it."""
    stage.drive(6)
    stage.watch.forgive()
    stage.ground.broker.kill()
    stage.ground.broker.wipe()
    stage.ground.broker.start()
    stage.platform.migrate()
    stage.faults["broker wiped"] += 1
    stage.drive()


def topic_made_anew(stage: Stage) -> None:
    """A topic is deleted and made again under its name, twice; clients cannot tell the difference, the relay can."""
    for _ in range(2):
        stage.drive(6)
        stage.rest()
        stage.watch.forgive()
        admin = KafkaAdminClient(bootstrap_servers=stage.ground.broker.addresses.split(","))
        admin.delete_topics([f"{stage.platform.prefix}.score.enrollment"])
        admin.close()
        stage.platform.migrate()
        stage.faults["topic made anew"] += 1
        stage.drive()


SCENARIOS = (
    Scenario("broker-away", ("F26",), away, own_broker=True),
    Scenario("broker-frozen", ("F6", "F9"), frozen, own_broker=True),
    Scenario("broker-loses-its-tail", ("F27",), tail_lost, own_broker=True),
    Scenario("broker-wiped", ("F27", "F28"), wiped, own_broker=True),
    Scenario("topic-made-anew", ("F28",), topic_made_anew, own_broker=True),
)
