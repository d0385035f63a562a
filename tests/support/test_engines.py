"""The engines of a test run end with it, however it ends; runs that need none start none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from tests.support.engines import ASKING, TESTS, Engines, asked_for, needed_by
from tests.support.waiting import until

SCRIPT = """
import time
from tests.support.engines import Engines
engines = Engines()
engines.start()
print(engines.folder, *(child.pid for child in engines._children), flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_nothing_outlives_a_run_that_is_killed(ending: signal.Signals) -> None:
    run = subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True, cwd=TESTS.parent)
    assert run.stdout is not None
    folder, *pids = run.stdout.readline().split()
    assert len(pids) == 2
    os.kill(run.pid, ending)
    run.wait(60)
    until(lambda: not any(psutil.pid_exists(int(pid)) for pid in pids), "the engines are gone")
    run.stdout.close()
    Engines().stop()
    assert not Path(folder).exists(), "the next run sweeps up"


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["tests"], True),
        (["tests/resilience/stack"], False),
        (["tests/journeys/test_platform.py::test_x", "tests/resilience/stack"], False),
        (["tests/resilience/stack", "tests/platform"], True),
        (["tests/resilience/kafka"], True),
        (["tests/platform/storage/test_scope.py"], True),
        (["."], True),
    ],
)
def test_several_processes_have_engines_where_a_folder_may_need_them(arguments: list[str], needed: bool) -> None:
    assert needed_by(arguments, TESTS.parent) is needed


def test_a_port_may_be_named_from_another_folder() -> None:
    assert not needed_by(["stack"], TESTS / "resilience")


ONE_PROCESS = """
import sys
import pytest
from tests.support import engines
def start(self, **_): raise SystemExit("the engines are started")
engines.Engines.start = start
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *sys.argv[1:]]))
"""


@pytest.mark.parametrize(
    ("chosen", "needed"),
    [
        ("tests/platform/domain/test_state_machine.py", False),
        ("tests/platform/storage/test_without_a_store.py", False),
        ("tests/services/enrollment/catalogue/test_plans.py", False),
        ("tests/platform/storage/test_lease.py", True),
        ("tests/services/enrollment/catalogue", True),
    ],
)
def test_one_process_has_engines_when_a_chosen_test_asks_for_them(chosen: str, needed: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ONE_PROCESS, chosen], cwd=TESTS.parent, capture_output=True, text=True, check=False
    )
    assert ("the engines are started" in done.stdout + done.stderr) is needed, done.stdout + done.stderr
    assert (done.returncode == 0) is not needed


def test_a_test_asks_by_its_fixtures() -> None:
    assert asked_for([SimpleNamespace(fixturenames=["tmp_path"]), SimpleNamespace(fixturenames=["store", ASKING])])
    assert not asked_for([SimpleNamespace(fixturenames=["tmp_path"]), SimpleNamespace()])
