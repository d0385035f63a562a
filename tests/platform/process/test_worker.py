"""A worker as a process: ready when it works, ended within ten seconds whatever is away, dead when one of its loops is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from deploy.platform.ports import is_free
from shared.contracts.events.enrollment import InstitutionRegistered
from shared.domain.not_known import COLLECTION as HEARD
from shared.domain.outbox_rows import row_of
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.outbox.events import outgoing_of
from shared.process.worker import STANDS_STILL
from shared.storage import connection
from shared.storage.lease import Lease
from tests.support.engines import Engines, free_port
from tests.support.waiting import until

LONGEST_END = 10  # seconds: the runner kills what has not ended by then

Start = Callable[..., "Worker"]


BROKEN = """
from services.finance.service import SERVICE
from shared.messaging.inbox.runner import GroupRunner
from shared.process import worker
def die(self): raise ValueError("a bug in a loop")
GroupRunner.run = die
raise SystemExit(worker.run(SERVICE))
"""

SPEAKING = """
from services.finance.service import SERVICE
from shared.i18n.language import gettext
from shared.process import worker
from shared.process.loops.leased import TimerLoop
def say(self): print("said:", gettext("Waiting for a price"), flush=True)
TimerLoop.run = say
raise SystemExit(worker.run(SERVICE))
"""


class Worker:
    def __init__(
        self, folder: Path, service: str = "finance", *, program: tuple[str, ...] = (), **environment: str
    ) -> None:
        self.port, self.log = free_port(), folder / "worker.log"
        own = {f"SCORE_{service.upper()}_METRICS_PORT": str(self.port), "SCORE_LOG_FORMAT": "json", **environment}
        with self.log.open("w") as output:
            command = [sys.executable, *(program or ("-m", f"services.{service}", "worker"))]
            self.process = subprocess.Popen(command, stdout=output, stderr=output, env=os.environ | own)

    def health(self) -> tuple[int, dict]:
        try:
            answer = requests.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=5)
        except requests.ConnectionError:
            return 0, {}
        return answer.status_code, answer.json()

    def serves(self, status: int) -> None:
        def answers() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            return self.health()[0] == status

        until(answers, f"{status}, last {self.health()}\n{self.log.read_text()}")

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LONGEST_END)


@pytest.fixture
def start(store, tmp_path) -> Iterator[Start]:
    store("finance")
    workers: list[Worker] = []

    def started(**options: Any) -> Worker:
        workers.append(Worker(tmp_path, **options))
        return workers[-1]

    yield started
    for worker in workers:
        if worker.process.poll() is None:
            worker.process.kill()
            worker.process.wait()


def test_ready_then_drained(start: Start, broker) -> None:
    worker = start()
    worker.serves(200)
    _, said = worker.health()
    assert said["checks"]["relay"] == "holds its lease"
    assert all(state == "assigned" for name, state in said["checks"].items() if name.startswith("finance."))
    assert b"score_build_info" in requests.get(f"http://127.0.0.1:{worker.port}/metrics", timeout=5).content
    assert worker.end() == 0, worker.log.read_text()
    assert "worker stopped" in worker.log.read_text()
    assert Lease("relay", "the next worker").hold(), "it need not wait"
    assert Lease("timers", "the next worker").hold()


def test_it_writes_down_until_when_it_has_heard_everything(start: Start, broker) -> None:
    began = ids.present()
    worker = start(SCORE_COMPARE_SECONDS="0.5")
    worker.serves(200)
    heard = connection.database()[HEARD]
    moments = {"finance.suspensions", "finance.billing"}
    until(
        lambda: {row["_id"] for row in heard.find({}) if min(row["until"].values()) > began} >= moments,
        lambda: str(list(heard.find({}))),
    )


def test_without_a_broker_it_is_not_ready_and_ends_in_time(start: Start) -> None:
    worker = start(SCORE_KAFKA=f"127.0.0.1:{free_port()}")
    worker.serves(503)
    assert worker.end() == 0, worker.log.read_text()


def test_a_store_that_goes_away_is_waited_for_and_keeps_nobody_from_ending(start: Start, broker) -> None:
    engines = Engines()
    engines.start(broker=False)
    try:
        environment = {
            "SCORE_MONGO_URL": engines.store_url,
            "SCORE_DATABASE_PREFIX": "away",
            "SCORE_MONGO_SELECT_MS": "500",
        }
        command = [sys.executable, "-m", "services.finance", "migrate"]
        subprocess.run(command, env=os.environ | environment, check=True, capture_output=True)
        worker = start(**environment)
        worker.serves(200)
        engines.stop_store()
        worker.serves(503)
        assert worker.end() == 0, worker.log.read_text()
    finally:
        engines.stop()


def test_a_store_that_hangs_is_waited_for_at_the_start(start: Start, broker) -> None:
    engines = Engines()
    engines.start(broker=False)
    (store,) = engines._children
    environment = {
        "SCORE_MONGO_URL": engines.store_url, "SCORE_DATABASE_PREFIX": "hangs", "SCORE_MONGO_SOCKET_MS": "500",
    }  # fmt: skip
    try:
        command = [sys.executable, "-m", "services.finance", "migrate"]
        subprocess.run(command, env=os.environ | environment, check=True, capture_output=True)
        os.killpg(store.pid, signal.SIGSTOP)
        worker = start(**environment)
        until(lambda: "store away, the start waits" in worker.log.read_text(), worker.log.read_text)
        os.killpg(store.pid, signal.SIGCONT)
        worker.serves(200)
        assert worker.end() == 0, worker.log.read_text()
    finally:
        os.killpg(store.pid, signal.SIGCONT)
        engines.stop()


def test_a_loop_that_dies_ends_the_process_and_says_so(start: Start, broker) -> None:
    worker = start(program=("-c", BROKEN))
    assert worker.process.wait(60) == 1
    assert "a loop died, the worker ends" in worker.log.read_text()


def test_a_loop_that_does_not_end_keeps_nobody_waiting(start: Start, broker) -> None:
    worker = start(
        program=("-c", BROKEN.replace('raise ValueError("a bug in a loop")', "import time; time.sleep(600)"))
    )
    worker.serves(503)
    assert worker.end() == 0
    assert "worker stopped before its loops had ended" in worker.log.read_text()


def test_a_worker_whose_health_port_is_taken_does_not_start(start: Start) -> None:
    first = start(SCORE_KAFKA=f"127.0.0.1:{free_port()}")
    first.serves(503)
    second = start(SCORE_KAFKA=f"127.0.0.1:{free_port()}", SCORE_FINANCE_METRICS_PORT=str(first.port))
    assert second.process.wait(60) != 0
    assert not is_free(first.port)


def test_a_store_that_was_not_migrated_is_refused_in_words(start: Start) -> None:
    worker = start(SCORE_DATABASE_PREFIX="nobody")
    assert worker.process.wait(60) != 0
    assert "python -m services.finance migrate" in worker.log.read_text()


STUCK = """
from shared.messaging.kafka.consumer import GroupConsumer
from services.finance.service import SERVICE
from shared.process import worker
GroupConsumer.poll = lambda self, _wait_ms=0: self._consumer.poll(timeout_ms=100) and []
raise SystemExit(worker.run(SERVICE))
"""


def test_a_group_that_has_records_to_read_and_gets_none_ends_the_process(start: Start, broker, store) -> None:
    store("enrollment")
    with acting_as(SYSTEM):
        rows = [row_of(event, aggregate_id=event.institution_id, sequence=1) for event in (registration(),)]
    broker.log.publish([outgoing_of(row) for row in rows])
    quick = {"SCORE_STANDSTILL_SECONDS": "2", "SCORE_COMPARE_SECONDS": "0.5"}
    worker = start(program=("-c", STUCK), **quick)
    assert worker.process.wait(60) == STANDS_STILL
    assert "a group stands still, the worker ends" in worker.log.read_text()
    assert "most recent call first" in worker.log.read_text()


def registration() -> InstitutionRegistered:
    return InstitutionRegistered(institution_id=ids.new(), kind="private_provider", province="ID-JB")


def test_loops_of_a_worker_speak_in_the_words_of_its_service(start: Start) -> None:
    worker = start(program=("-c", SPEAKING))
    until(lambda: "said: Menunggu harga" in worker.log.read_text(), worker.log.read_text)
