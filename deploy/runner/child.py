"""One program of the stack, in a process group of its own, ended as a group.

A child is registered with the parent watch before it runs, so it cannot outlive the runner. Ending it ends everything it
started: SIGTERM to the group, `grace` seconds, SIGKILL to what is left (the engines may ignore a SIGTERM).
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.platform.health import fetch, readiness
from deploy.runner.console import Console
from deploy.runner.parent_watch import ParentWatch, group_lives

LIVE_TIMEOUT = 5.0  # seconds


class Child:
    """A program of the stack: `tier` orders start and, reversed, stop; `mute` hides a known harmless line of the program.

    Without a `vital` one the stack is of no use: its deaths are counted.
    """

    mute: bytes | None = None
    vital = True

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        tier: int,
        environment: Mapping[str, str],
        folder: Path,
        console: Console,
        parent_watch: ParentWatch,
    ) -> None:
        self.name, self.command, self.tier = name, list(command), tier
        self._environment, self._folder = dict(environment), folder
        self._console, self._parent_watch = console, parent_watch
        self._process: subprocess.Popen[bytes] | None = None
        self._buried = True
        self.started_at = 0.0

    def start(self) -> None:
        self._process = subprocess.Popen(
            [*self._parent_watch.launcher(self.tier), *self.command],
            stdin=subprocess.DEVNULL,
            stdout=self._console.output_of(self.name, self.mute),
            stderr=subprocess.STDOUT,
            cwd=self._folder,
            env=self._environment,
            pass_fds=(self._parent_watch.pipe,),
            start_new_session=True,
        )
        self._buried = False
        self._parent_watch.knows(self._process.pid, self.tier)
        self.started_at = time.monotonic()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_words(self) -> str:
        """Say how it ended, for people."""
        code = self._process.poll() if self._process else None
        if code is None:
            return "is running"
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    @property
    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    def lost(self) -> set[int]:
        """Return which of its own processes have gone since this was last asked."""
        return set()

    def answers(self) -> str | None:
        """Return None when it does its work, else what is missing, in words."""
        return None if self.alive else f"{self.name} {self.exit_words}"

    @property
    def hindrance(self) -> str | None:
        """Say in words why it cannot be started now; None when it can."""
        return None

    def lives(self) -> bool:
        """Say whether it turns, whatever it depends on."""
        return self.answers() is None

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def finish(self, deadline: float) -> bool:
        """Wait until `deadline` (monotonic) for the whole group, then SIGKILL; return whether it ended by itself."""
        if self._process is None:
            return True
        while self._group_lives() and time.monotonic() < deadline:
            time.sleep(0.05)
        gone = not self._group_lives()
        if not gone:
            self.kill()
        self.bury()
        return gone

    def bury(self) -> None:
        """End what a dead child left in its group, and take it off the parent watch's list."""
        if self._process is None or self._buried:
            return
        self.kill()
        self._process.wait()
        self._buried = True  # from now on the number may belong to somebody else
        self._parent_watch.forget(self._process.pid)

    def _group_lives(self) -> bool:
        if self._process is None or self._buried:
            return False
        self._process.poll()
        return group_lives(self._process.pid)

    def _signal(self, number: int) -> None:
        if self._process is None or self._buried:
            return
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            return


class Answering(Child):
    """A process that tells on `port` whether it does its work."""

    def __init__(self, port: int, name: str, command: list[str], *, forks: bool = False, **of_child: Any) -> None:
        """`forks`: it does its work in processes of its own, and replaces one that died."""
        super().__init__(name, command, **of_child)
        self.port, self._forks = port, forks
        self._at_work: set[int] = set()

    def start(self) -> None:
        super().start()
        self._at_work = set()

    def lost(self) -> set[int]:
        """Return which of its own processes have gone since this was last asked; nothing where the system does not tell."""
        if not self._forks:
            return set()
        before, self._at_work = self._at_work, children_of(self.pid)
        return before - self._at_work

    def answers(self) -> str | None:
        missing = super().answers()
        if missing is None:
            health = readiness(self.port)
            missing = None if health.ready else f"{self.name} {health.words}"
        return missing

    def lives(self) -> bool:
        """Say whether it answers at all: what it depends on may be away."""
        return fetch(self.port, "/health/live", LIVE_TIMEOUT)[0] != 0


class Dispensable(Answering):
    """A process without which the stack goes on."""

    vital = False


def children_of(pid: int | None) -> set[int]:
    try:
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()))
    except (OSError, ValueError):
        return set()
