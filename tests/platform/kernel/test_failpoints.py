"""Failpoints fail where, when and how the setting says, and nowhere else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shared.kernel import failpoints
from shared.kernel.settings import production
from shared.kernel.settings.declaration import Misconfigured
from tests.support.engines import environment


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    failpoints.armed.cache_clear()
    yield
    failpoints.armed.cache_clear()


def failed(name: str, hits: int, about: str = "") -> list[int]:
    """Which of so many hits raise."""
    seen = []
    for number in range(1, hits + 1):
        try:
            failpoints.hit(name, about)
        except failpoints.Injected:
            seen.append(number)
    return seen


def test_without_the_setting_nothing_fails() -> None:
    assert failed("relay.after_publish", 3) == []


def test_the_named_hit_fails_and_no_other() -> None:
    with environment(SCORE_FAILPOINT="relay.after_publish:2:raise"):
        assert failed("relay.before_mark", 3) == []
        assert failed("relay.after_publish", 4) == [2]


def test_from_a_hit_onwards_all_fail() -> None:
    with environment(SCORE_FAILPOINT="cons.in_txn:2+:raise, relay.in_mark:1:raise"):
        assert failed("cons.in_txn", 4) == [2, 3, 4]
        assert failed("relay.in_mark", 2) == [1]


def test_only_hits_about_the_subject_count() -> None:
    with environment(SCORE_FAILPOINT="cons.in_txn@finance.:1+:raise"):
        assert failed("cons.in_txn", 2, "reporting.results x") == []
        assert failed("cons.in_txn", 2, "finance.billing x") == [1, 2]


def test_a_subject_is_asked_for_only_when_something_is_armed() -> None:
    failpoints.hit("cons.in_txn", lambda: pytest.fail("nobody needs to know"))


@pytest.mark.parametrize(
    "text", ["relay.nowhere:1:kill", "relay.in_mark:1:explode", "relay.in_mark", "relay.in_mark::kill"]
)
def test_what_is_no_failpoint_is_refused(text: str) -> None:
    with environment(SCORE_FAILPOINT=text), pytest.raises(Misconfigured, match="SCORE_FAILPOINT"):
        failpoints.hit("relay.in_mark")


def test_production_refuses_the_setting() -> None:
    around = {"SCORE_FAILPOINT": "relay.in_mark:1:kill", "SCORE_PROFILE": "production"}
    with environment(**around), pytest.raises(Misconfigured, match="SCORE_FAILPOINT: unset it"):
        production.require(production.BESIDE_SERVICES)


def test_kill_ends_the_process_at_once() -> None:
    program = "from shared.kernel import failpoints; failpoints.hit('relay.in_mark'); print('lived')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "SCORE_FAILPOINT": "relay.in_mark:1:kill"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"")
