"""The engines of a test run end with it, however it ends; runs that need none start none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.engines import TESTS, Engines, needed_by
from tests.integration.messaging.running import until

SCRIPT = """
import time
from tests.engines import Engines
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
        (["tests/unit"], False),
        (["tests/unit/messaging/test_relay.py::test_x", "tests/stack"], False),
        (["tests/unit", "tests/web"], True),
        (["tests/integration/storage/test_scope.py"], True),
        (["."], True),
    ],
)
def test_engines_are_started_for_those_who_need_them(arguments: list[str], needed: bool) -> None:
    assert needed_by(arguments, TESTS.parent) is needed


def test_a_port_may_be_named_from_another_folder() -> None:
    assert not needed_by(["messaging"], TESTS / "unit")
