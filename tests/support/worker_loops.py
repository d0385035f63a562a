"""Runs the loops of a worker in threads of the test's process, and ends them with the test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared.messaging.inbox.runner import GroupRunner
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.resend import Requests
from shared.messaging.subscriptions import ConsumerGroup
from shared.messaging.wakeups.consumer import ConsumerWakeup
from shared.process.loops.control import ControlLoop
from shared.process.loops.leased import RelayLoop
from shared.storage import connection
from tests.support.toy import ToyService

QUICK = {
    "SCORE_GAP_SECONDS": "0.2",
    "SCORE_RESEND_REPEAT_SECONDS": "2",
    "SCORE_RESEND_PAGE": "4",
    "SCORE_RELAY_GUARD_SECONDS": "0.5",
    "SCORE_COMPARE_SECONDS": "0.5",
    "SCORE_LEASE_SECONDS": "3",
    "SCORE_SESSION_TIMEOUT_MS": "6000",  # the least that brokers accept
}

OWNER = ToyService(name="enrollment", title="Toy", port=0, metrics_port=0)


def all_sent() -> bool:
    return connection.database()["pending"].count_documents({}) == 0


class Running:
    """The loops of the owner of a topic, and groups that listen to it, all on the connected store."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._kafka = KafkaLog("test-requests")
        self.requests = Requests(OWNER.name, self._kafka)
        self.wakeup: ConsumerWakeup | None = None
        self._threads: list[threading.Thread] = []

    def relay(self) -> None:
        self._run(RelayLoop(OWNER, self._stop).run)

    def control(self) -> None:
        self._run(ControlLoop(OWNER, self.requests, self._stop).run)

    def watch(self) -> None:
        self.wakeup = ConsumerWakeup("test-wakeup", self._stop)
        self._run(self.wakeup.run)

    def group(self, consumer_group: ConsumerGroup) -> GroupRunner:
        runner = GroupRunner(OWNER.name, consumer_group, self.requests, self._stop, self.wakeup)
        self._run(runner.run)
        return runner

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)
        self._kafka.close()
        assert not any(thread.is_alive() for thread in self._threads), "a loop did not end"

    def _run(self, loop: Callable[[], None]) -> None:
        self._threads.append(threading.Thread(target=loop, daemon=True))
        self._threads[-1].start()


@contextmanager
def running(
    *groups: ConsumerGroup, relay: bool = True, control: bool = True, wakeup: bool = False
) -> Iterator[Running]:
    loops = Running()
    try:
        if wakeup:
            loops.watch()
        if relay:
            loops.relay()
        if control:
            loops.control()
        for group in groups:
            loops.group(group)
        yield loops
    finally:
        loops.end()
