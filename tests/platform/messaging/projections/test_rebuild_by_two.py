"""Two workers of reporting build a projection anew together: it is swapped in once, and only when both parts are whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from deploy.platform.health import readiness
from services.reporting.projections import handlers
from services.reporting.projections.model import GROUP
from shared.messaging.projections import catch_up, generations
from shared.storage import connection
from tests.support.engines import free_port
from tests.support.rebuilds import (
    HISTORY,
    LIVE,
    at_work,
    await_counted,
    await_figures,
    await_generation,
    figures,
    intended,
    leavings,
    on_the_store_of_reporting,
    say,
    spoil,
    written,
)
from tests.support.waiting import until
from tests.support.worker_loops import all_sent

# kafka-python leaves sockets of refused connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture(autouse=True)
def _on_the_store_of_reporting(store) -> Iterator[None]:
    with on_the_store_of_reporting(store):
        yield


@contextmanager
def worker(slot: int, log: Path, failpoint: str = "") -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A worker of reporting as a process of its own, and the port on which it says how it is."""
    port = free_port()
    own = {"SCORE_WORKER_SLOT": str(slot), "SCORE_FAILPOINT": failpoint, "SCORE_REPORTING_METRICS_PORT": str(port)}
    with log.open("ab") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "services.reporting", "worker"], env=os.environ | own, stdout=out, stderr=out
        )
    try:
        yield started, port
    finally:
        started.send_signal(signal.SIGCONT)
        started.terminate()
        ended = started.wait(30)
    assert ended == 0, log.read_text(errors="replace")[-4000:]


def is_stopped(process: subprocess.Popen[bytes]) -> bool:
    return psutil.Process(process.pid).status() == psutil.STATUS_STOPPED


@pytest.mark.faults
def test_one_that_has_caught_up_waits_for_the_other(broker, tmp_path) -> None:
    say(HISTORY)
    wanted = intended(*HISTORY)
    with at_work(projection=False):
        # the events lie in reporting's own store: its workers would take them for theirs and relay them
        until(lambda: connection.database()["leases"].find_one({"_id": "relay"}), "the owner's relay has its lease")
        until(all_sent, "all is sent")
        plods, stops = "rebuild.mid_fold:1+:sleep=0.3", "rebuild.mid_fold:1:stop"  # else the first one does it all
        with worker(0, tmp_path / "0.log", plods) as (_, a), worker(1, tmp_path / "1.log", stops) as (slow, b):
            until(lambda: readiness(a).ready and readiness(b).ready, "both have their partitions")
            await_counted(GROUP, len(HISTORY))
            assert figures() == wanted
            original = written(1)
            spoilt = spoil()
            generations.begin(GROUP)
            until(lambda: is_stopped(slow), "one stops in the middle of its part", 120)
            until(lambda: catch_up.progress_of(handlers.results).asked, "the other has compared and found it wanting")
            assert generations.load_state(GROUP).current == 1
            assert figures() == spoilt, "what was read before is served"
            slow.send_signal(signal.SIGCONT)
            await_generation(2)
            assert figures() == wanted
            assert written(2) == original
            say(LIVE)
            await_figures(intended(*HISTORY, *LIVE), "both go on with the new generation")
            until(lambda: not generations.load_state(GROUP).retired, "the old generation is cleared away")
    assert leavings(1) == {}


def test_who_swaps_second_changes_nothing() -> None:
    generations.begin(GROUP)
    assert [generations.swap(GROUP, 2) for _ in range(2)] == [True, True]
    after = generations.load_state(GROUP)
    assert (after.current, after.building) == (2, None)
    assert [number for number, _ in after.retired] == [1]


def test_who_swaps_in_what_was_given_up_is_told_so() -> None:
    generations.begin(GROUP)
    generations.begin(GROUP, restart=True)
    assert not generations.swap(GROUP, 2)
    after = generations.load_state(GROUP)
    assert (after.current, after.building, [number for number, _ in after.retired]) == (1, 3, [2])
