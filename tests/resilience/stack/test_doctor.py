"""The doctor names what is wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.platform.client import client_for
from deploy.platform.health import failing_parts, readiness
from tests.resilience.stack.runner import REPOSITORY, Runner, free_offset
from tests.support.waiting import until

pytestmark = pytest.mark.stack


def examine(tree: Path, data: Path, *flags: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli.main", "doctor", "--json", "--data", str(data), *flags], cwd=tree,
        env={**os.environ, "PYTHONPATH": f"{tree}:{REPOSITORY}"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, {one["subject"]: one for one in json.loads(done.stdout)}


def test_a_healthy_machine_without_a_stack_is_well(tree: Path, tmp_path: Path) -> None:
    code, findings = examine(tree, tmp_path / "data", "--ports-offset", str(free_offset()))
    assert code == 0
    assert findings["runner"]["state"] == "note"
    assert "score up" in findings["runner"]["advice"]
    assert findings["ports"]["state"] == "well"


def test_a_taken_port_is_named_with_its_holder(tree: Path, tmp_path: Path) -> None:
    offset = free_offset()
    with socket.create_server(("127.0.0.1", 8125 + offset)):
        code, findings = examine(tree, tmp_path / "data", "--ports-offset", str(offset))
    assert code == 1
    assert findings["ports"]["state"] == "wrong"
    assert f"port {8125 + offset}, needed by the mail sink, is held by pid {os.getpid()}" in findings["ports"]["words"]


def test_a_running_stack_is_examined(tree: Path, start: Callable[..., Runner]) -> None:
    runner = start()
    runner.says("SCORE is running")
    code, findings = examine(tree, runner.data)
    wrong = {subject for subject, one in findings.items() if one["state"] == "wrong"}
    assert code == 1
    assert wrong == {
        "topics",
        "migrations",
    }  # the tests' migrate makes another topic, their services have no migrations
    assert "score.finance" in findings["topics"]["words"]
    assert findings["runner"]["words"] == f"pid {runner.process.pid} runs on this data"
    assert findings["finance web"]["state"] == findings["archive worker"]["state"] == "well"

    web = runner.child("services.finance", "web")
    web.send_signal(signal.SIGSTOP)
    until(lambda: not readiness(8104 + runner.offset, 0.2).ready, "it hangs")
    assert examine(tree, runner.data)[1]["finance web"]["state"] == "wrong"
    web.send_signal(signal.SIGCONT)
    assert runner.end() == 0


def test_a_readiness_answer_is_read_for_what_fails() -> None:
    web = {"status": "not ready", "dependencies": {"store": "failing"}}
    worker = {"status": "not ready", "checks": {
        "store": "ok", "draining": "no", "relay": "holds its lease", "finance.billing": "not assigned",
    }}  # fmt: skip
    assert failing_parts(json.dumps(web).encode()) == ["store: failing"]
    assert failing_parts(json.dumps(worker).encode()) == ["finance.billing: not assigned"]
    assert failing_parts(b"<html>") == []


def test_a_running_stack_is_found_at_the_ports_that_were_chosen_for_it(
    tree: Path, start: Callable[..., Runner]
) -> None:
    port = 8150 + (offset := free_offset())
    runner = start(offset=offset, SCORE_FINANCE_PORT=str(port))
    runner.says("SCORE is running")
    assert examine(tree, runner.data)[1]["finance web"]["state"] == "well"
    client = client_for(runner.data)
    assert client.url("finance", "/v1/invoices") == f"http://127.0.0.1:{port}/v1/invoices"
    assert client.url("enrollment", "/") == f"http://127.0.0.1:{8101 + offset}/"
    assert client.plan.mailbox == f"http://127.0.0.1:{8126 + offset}/"
    assert runner.end() == 0


def test_the_demonstration_says_at_once_that_nothing_runs(tree: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli.main", "demo", "--data", str(tmp_path / "data")], cwd=tree,
        env={**os.environ, "PYTHONPATH": f"{tree}:{REPOSITORY}"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"nothing runs on {tmp_path / 'data'}" in done.stderr
