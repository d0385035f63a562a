"""The cluster as a person runs it: it starts, keeps what it has, and leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.kafka import jars
from shared.messaging.kafka.probe import reach_broker
from tests.resilience.kafka.brokers import free_base
from tests.resilience.kafka.ground import PATIENCE, REPOSITORY, Ground, until

pytestmark = [pytest.mark.kafka, pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")]


class Running:
    """`python -m deploy.kafka up` with one broker."""

    name, version, replication, goes_on = "apache", "", 1, False

    def __init__(self, data: Path) -> None:
        self.lines: list[str] = []
        base = free_base(1)
        self.addresses = f"127.0.0.1:{base}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deploy.kafka", "up", "--data", str(data), "--port-base", str(base), "--brokers", "1"],
            cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.lines.extend(lines)

    def until_ready(self) -> list[psutil.Process]:
        """Every process of the run."""
        until(lambda: any("is ready" in line for line in self.lines) or self.process.poll() is not None, "it is ready")
        assert self.process.poll() is None, self.lines
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)  # the parent watch holds the pipe until the last process has ended
        return code

    def kill(self, number: int) -> None:
        raise NotImplementedError

    restart = kill


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[], Running]]:
    """Runs on one data folder; each must have ended, with all that it started, when the test has."""
    runs: list[Running] = []

    def start() -> Running:
        runs.append(Running(tmp_path / "kafka"))
        return runs[-1]

    yield start
    for one in runs:
        if one.process.poll() is None:
            one.end(signal.SIGTERM)
    for process in psutil.process_iter(["cmdline"]):
        assert str(tmp_path) not in " ".join(process.info["cmdline"] or []), process


def test_it_stops_on_a_signal_and_keeps_what_it_was_given(run: Callable[[], Running]) -> None:
    first = run()
    processes = first.until_ready()
    ground = Ground(first)
    topic = ground.topic(1)
    ground.fill(topic, 3, [0])
    ground.close()
    assert first.end(signal.SIGTERM) == 0
    assert not [process for process in processes if process.is_running()]

    second = run()
    second.until_ready()
    ground = Ground(second)
    assert [record.value for record in ground.read(topic)] == [b"0", b"1", b"2"]
    ground.close()
    assert second.end(signal.SIGINT) == 0


def test_nothing_is_left_when_the_runner_is_killed_and_the_data_are_locked_meanwhile(
    run: Callable[[], Running],
) -> None:
    first = run()
    processes = first.until_ready()
    other = run()
    other.process.wait(PATIENCE)
    assert other.end(signal.SIGTERM) == 1
    assert "already running" in " ".join(other.lines)
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    until(lambda: not [process for process in processes if process.is_running()], "everything has ended", 20)


def test_a_broker_that_dies_is_started_again(run: Callable[[], Running]) -> None:
    running = run()
    broker = next(one for one in running.until_ready() if one.name() == "java")
    broker.kill()
    until(lambda: any("it is started again" in line for line in running.lines), "it is noticed")
    until(lambda: reach_broker(running.addresses) is None, "it is back")
    assert running.end(signal.SIGTERM) == 0


def test_what_is_missing_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(jars.ToolMissing, match="no java on PATH"):
        jars.java()
    with pytest.raises(jars.ToolMissing, match="install maven"):
        jars.fetch(tmp_path / "libs")
    (tmp_path / "java").write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    (tmp_path / "java").chmod(0o755)
    with pytest.raises(jars.ToolMissing, match="Java 17 or newer"):
        jars.java()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    with pytest.raises(jars.ToolMissing, match="JAVA_HOME"):
        jars.java()


def test_a_fetch_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    maven = tmp_path / "bin" / "mvn"
    maven.write_text("#!/bin/sh\necho 'no such artifact'\nexit 1\n")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    with pytest.raises(jars.NotFetched, match="no such artifact"):
        jars.fetch(tmp_path / "jars" / "libs")
    assert sorted(path.name for path in (tmp_path / "jars").iterdir()) == ["fetch.lock"]
