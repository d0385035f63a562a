"""The order of the start and of the stop, and what is said when there can be no start."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from deploy.runner.console import KEPT, Console
from tests.resilience.stack.runner import Runner, free_offset
from tests.support.waiting import until

pytestmark = pytest.mark.stack
Start = Callable[..., Runner]


def steps(output: str, word: str) -> list[str]:
    """What the runner itself says with a word, without durations."""
    said = re.findall(rf"^score +\| {word} (.+)$", output, re.MULTILINE)
    return [re.sub(r" \([\d.]+ s\)$", "", one) for one in said]


def test_starts_in_order_and_stops_in_the_exact_reverse(start: Start) -> None:
    runner = start("--sample")
    runner.says("SCORE is running")
    family = runner.family()
    known = json.loads((runner.data / "stack.json").read_text())
    assert known["pid"] == runner.process.pid
    assert known["state"] == "ready"
    assert list(known["services"]) == ["enrollment", "finance", "archive"]

    runner.process.send_signal(signal.SIGTERM)
    assert runner.process.wait(40) == 0
    runner.says("everything has stopped")
    assert steps(runner.output, "ready:") == [
        "store", "broker", "mail",
        "enrollment worker, finance worker, archive worker", "enrollment web, finance web, archive web",
    ]  # fmt: skip
    assert steps(runner.output, "stopped") == [
        "archive web, finance web, enrollment web", "archive worker, finance worker, enrollment worker",
        "mail", "broker", "store",
    ]  # fmt: skip
    order = ["ready: broker", "migrate ended with exit code 0", "ready: mail", "sample ended with exit code 0"]
    assert sorted(order, key=runner.output.index) == order
    assert not [one for one in family if one.is_running()]
    assert not (runner.data / "stack.json").exists()


def open_to_others(data: Path) -> list[str]:
    """What other users of the machine may read, write or enter."""
    found = [data, *data.rglob("*")]
    return [f"{path} {mode:o}" for path in found if (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077]


def test_the_data_folder_is_its_owners_alone_also_one_that_was_open(start: Start, tmp_path: Path) -> None:
    (tmp_path / "data" / "mail").mkdir(parents=True, mode=0o755)
    (tmp_path / "data" / "mail" / "old.eml").write_text("a letter that an earlier release kept")
    assert len(open_to_others(tmp_path / "data")) == 3
    runner = start("--sample")
    runner.says("SCORE is running")
    assert {"store", "broker", "keys", "stack.json"} <= {path.name for path in runner.data.iterdir()}
    assert open_to_others(runner.data) == []
    assert runner.end() == 0
    assert open_to_others(runner.data) == []


def test_a_port_in_use_is_named_with_its_holder_and_nothing_is_left(start: Start) -> None:
    offset = free_offset()
    with socket.create_server(("127.0.0.1", 8104 + offset)) as holder:
        runner = start(offset=offset)
        assert runner.process.wait(20) == 1
        runner.says(f"port {holder.getsockname()[1]}, needed by finance web, is held by pid {psutil.Process().pid}")
        runner.says("--ports-offset")
    assert "ready: store" not in runner.output
    assert not [one for one in psutil.process_iter() if str(runner.data) in " ".join(command_of(one))]


def test_an_offset_that_meets_a_running_platform_is_refused_with_one_that_does_not(start: Start) -> None:
    first = start()
    first.says("SCORE is running")
    second = start(offset=first.offset + 1000, data="second")
    assert second.process.wait(20) == 1
    metrics = 9104 + first.offset
    second.says(
        f"port {metrics}, needed by finance web, is held by pid {first.child('services.finance', 'worker').pid}"
    )
    second.says(f"of the platform on {first.data}")
    (offset,) = re.findall(r"choose other ports with --ports-offset (\d+)", second.output)
    third = start(offset=int(offset), data="second")
    third.says("SCORE is running")
    assert third.end() == first.end() == 0


def test_a_port_that_is_needed_twice_is_refused(start: Start) -> None:
    offset = free_offset()
    runner = start(offset=offset, SCORE_FINANCE_PORT=str(9110 + offset))
    assert runner.process.wait(20) == 1
    runner.says(f"port {9110 + offset} is needed by finance web and by archive worker: see SCORE_<SERVICE>_PORT")


def test_output_is_kept_in_bounds_and_what_a_terminal_that_stood_still_missed_is_counted(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as terminal, os.fdopen(reading, "rb") as shown:
        console = Console(terminal, tmp_path)
        output = console.output_of("finance web")
        line = b"x" * 999 + b"\n"
        lines = KEPT // len(line) + 1
        for _ in range(lines):  # far more than a pipe and the console take, and nobody reads
            os.write(output, line)
        until((tmp_path / "finance-web.earlier.log").exists, "the file begins anew")
        until(lambda: os.fstat(output).st_size == 0, "it is empty")
        os.write(output, b"the last line\n")
        console.say("the last word")
        found = list(itertools.takewhile(lambda one: b"the last word" not in one, shown))
        console.close()
    assert any(b"| the last line" in one for one in found)
    (missed,) = (int(one.split(b"stood still: ")[1].split()[0]) for one in found if b"stood still: " in one)
    assert missed + sum(b"xxx" in one for one in found) == lines
    assert (tmp_path / "finance-web.earlier.log").stat().st_size == lines * len(line)


def test_a_second_runner_on_the_same_data_is_told_who_runs(start: Start) -> None:
    first = start()
    first.says("SCORE is running")
    second = start(offset=free_offset())
    assert second.process.wait(20) == 1
    second.says(f"already running (pid {first.process.pid}) on this data: {first.data}")
    assert first.end() == 0


def test_engines_that_run_elsewhere_are_used_and_left_alone(start: Start) -> None:
    first = start()
    first.says("SCORE is running")
    store, broker = f"mongodb://127.0.0.1:{27117 + first.offset}", f"127.0.0.1:{19092 + first.offset}"
    second = start("--mongo", store, "--kafka", broker, offset=free_offset(), data="other")
    second.says("SCORE is running")
    assert "ready: store" not in second.output
    assert "ready: broker" not in second.output
    assert second.end() == 0
    assert first.child("--sync-on-commit").is_running()
    assert first.end() == 0


def test_a_migration_that_fails_ends_the_start(start: Start) -> None:
    runner = start(FAKE_MIGRATE="fails")
    assert runner.process.wait(40) == 1
    runner.says("could not be made; nothing else was started")
    assert "worker starts" not in runner.output
    runner.says("everything has stopped")


def test_a_stop_during_the_start_leaves_nothing(start: Start) -> None:
    runner = start()
    runner.says("ready: broker")
    family = runner.family()
    assert runner.end() == 0
    assert not [one for one in family if one.is_running()]


def command_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
