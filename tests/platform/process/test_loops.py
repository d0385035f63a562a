"""Leases, timers and the control topic: who works, who waits, and that one failure stops nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.kernel.principal import SYSTEM
from shared.observability import metrics
from shared.process.jobs import Timer
from shared.process.loops.leased import RelayLoop, TimerLoop
from shared.storage import connection
from shared.storage.lease import Lease
from tests.support.engines import environment
from tests.support.toy_store import _on_the_toy_store  # noqa: F401 - for every test here
from tests.support.waiting import until
from tests.support.worker_loops import OWNER


@contextmanager
def timing(*timers: Timer, stop: threading.Event | None = None) -> Iterator[TimerLoop]:
    stop = stop or threading.Event()
    loop = TimerLoop(OWNER, stop, timers)
    thread = threading.Thread(target=loop.run)
    thread.start()
    try:
        yield loop
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def counting(runs: list[str], name: str, seconds: float = 0.02, do: Callable[[], object] = lambda: None) -> Timer:
    def run() -> None:
        runs.append(name)
        assert current_principal() == SYSTEM
        do()

    return Timer(name, seconds, run)


def boom() -> None:
    raise ValueError("a bug in a timer")


def test_a_failing_timer_stops_neither_the_others_nor_the_worker() -> None:
    runs: list[str] = []
    failed, began = metrics.TIMER_RUNS.labels("bad", "failed")._value.get(), clock.now().timestamp()
    with timing(counting(runs, "bad", do=boom), counting(runs, "good")):
        until(lambda: runs.count("good") > 3 and runs.count("bad") > 3, f"both run: {runs}")
    assert metrics.TIMER_RUNS.labels("bad", "failed")._value.get() > failed + 2
    ended_well = {sample.labels["timer"]: sample.value for sample in metrics.TIMER_SUCCESS.collect()[0].samples}
    assert ended_well["good"] >= began
    assert "bad" not in ended_well


def test_the_lease_is_renewed_between_two_timers() -> None:
    """Each is shorter than a lease, all together are longer: nobody else may start them meanwhile."""
    runs: list[str] = []
    with environment(SCORE_LEASE_SECONDS="0.6"):
        other, stolen = Lease("timers", "other"), threading.Event()
        slow = [counting(runs, f"slow {n}", do=lambda: time.sleep(0.3)) for n in range(6)]
        with timing(*slow):
            until(lambda: runs, "the first runs")
            while len(runs) < 12:
                if other.hold():
                    stolen.set()
                time.sleep(0.05)
        assert not stolen.is_set()


def test_timers_run_where_the_lease_is() -> None:
    runs: list[str] = []
    with environment(SCORE_LEASE_SECONDS="1"):
        other = Lease("timers", "other")
        assert other.hold()
        with timing(counting(runs, "mine")) as loop:
            until(lambda: loop.lease.tried, "it asked")
            assert runs == []
            other.release()
            until(lambda: runs, "it has the lease")


def test_a_worker_without_timers_is_ready_all_the_same() -> None:
    with timing() as loop:
        until(lambda: loop.lease.tried, "tried")


def test_a_relay_that_gets_the_lease_reads_the_state_of_the_topic_again(broker) -> None:
    stop = threading.Event()
    with environment(SCORE_LEASE_SECONDS="0.9", SCORE_RELAY_IDLE_MS="10"):
        loop = RelayLoop(OWNER, stop)
        doubts: list[object] = []
        doubt = loop._relays[0].doubt
        loop._relays[0].doubt = lambda: (doubts.append(1), doubt())  # type: ignore[method-assign]
        thread = threading.Thread(target=loop.run)
        thread.start()
        try:
            until(lambda: loop.holding, "it works")
            assert metrics.RELAY_LEASE._value.get() == 1
            connection.database()["leases"].update_one(
                {"_id": "relay"}, {"$set": {"holder": "other", "until": clock.now() + timedelta(seconds=1)}}
            )
            until(lambda: not loop.holding, "another took it")
            until(lambda: metrics.RELAY_LEASE._value.get() == 0, "and that is shown")
            until(lambda: loop.holding, "it is back")
            assert len(doubts) == 2
        finally:
            stop.set()
            thread.join(30)
