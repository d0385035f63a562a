"""The operator's commands find the platform that runs on the data folder, whatever the environment says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.resilience.stack.runner import REPOSITORY, Runner, free_offset

pytestmark = pytest.mark.stack
ELSEWHERE = {"SCORE_MONGO_URL": "mongodb://127.0.0.1:9", "SCORE_KAFKA": "127.0.0.1:9", "SCORE_MONGO_SELECT_MS": "300"}


def score(tree: Path, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli.main", *words, "--data", str(data)],
        cwd=tree,
        env={**os.environ, **ELSEWHERE, "PYTHONPATH": f"{tree}:{REPOSITORY}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_running_stack_is_found_by_its_data(tree: Path, start: Callable[..., Runner]) -> None:
    runner = start()
    runner.says("SCORE is running")
    answer = score(tree, runner.data, "outbox", "status", "--json")
    assert answer.returncode == 0, answer.stderr
    assert {row["service"] for row in json.loads(answer.stdout)} == {"enrollment", "finance", "archive"}
    parked = score(tree, runner.data, "parked", "list", "--json")
    assert (parked.returncode, json.loads(parked.stdout)) == (0, [])
    assert runner.end() == 0
    away = score(tree, runner.data, "outbox", "status")
    assert away.returncode == 1
    assert "the store does not answer" in away.stderr
    offset = score(tree, runner.data, "topics", "--ports-offset", str(free_offset()))
    assert offset.returncode == 1
    assert "the broker does not answer" in offset.stderr
