"""The broker of a run, and what may be done to it. A cluster that was given is only used, never harmed."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

from deploy.runner import engines
from tests.support.engines import free_port
from tests.support.waiting import until


class GivenBroker:
    """A cluster that others run: scenarios that kill a broker are left out by name."""

    own = False

    def __init__(self, addresses: str) -> None:
        self.addresses = addresses

    def start(self) -> None:
        """It runs already."""

    def finish(self) -> None:
        """It goes on without this run."""


class OwnBroker:
    """The embedded broker as a child of this run: it may be killed, frozen, wiped, or lose its tail."""

    own = True

    def __init__(self, folder: Path, around: dict[str, Any]) -> None:
        self._folder = folder
        self._child = engines.Broker(free_port(), folder, tier=1, **around)
        self.addresses = self._child.address

    def start(self) -> None:
        self._child.start()
        until(lambda: self._child.answers() is None, lambda: f"the broker answers: {self._child.answers()}")

    def kill(self) -> None:
        self._child.kill()
        self._child.finish(time.monotonic())

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def remember(self) -> None:
        """Keep a copy of the log as it is on disk now."""
        shutil.rmtree(self._folder / "remembered", ignore_errors=True)
        shutil.copytree(self._folder / "broker", self._folder / "remembered", ignore=shutil.ignore_patterns("*.tmp*"))

    def go_back(self) -> None:
        """While it is dead: its log is again what was remembered, so that everything since is lost."""
        shutil.rmtree(self._folder / "broker")
        shutil.copytree(self._folder / "remembered", self._folder / "broker")

    def wipe(self) -> None:
        """While it is dead: nothing of its log is left."""
        shutil.rmtree(self._folder / "broker")
        (self._folder / "broker").mkdir()

    def finish(self) -> None:
        self.thaw()
        self._child.terminate()
        self._child.finish(time.monotonic() + 10)

    def _signal(self, number: int) -> None:
        if self._child.pid is not None and self._child.alive:
            os.killpg(self._child.pid, number)
