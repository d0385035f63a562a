"""Processes of the real services, and who watches over them.

A process may be started with failpoints. One that died is started again at once without them, as a supervisor would; what
died, and how, is remembered. A gunicorn master outlives its worker's death: then the whole web process is replaced.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from typing import Any

import psutil

from deploy.runner.child import Answering
from tests.support.engines import free_port
from tests.support.waiting import until

TIERS = {"worker": 2, "web": 3}
CHILDREN_SECONDS = 0.25  # between two looks at the children of a web process, which cost milliseconds


class Process:
    """One process of a service: `web`, or the `worker` of a slot."""

    def __init__(self, service: str, kind: str, slot: int, around: Mapping[str, Any]) -> None:
        self.service, self.kind, self.slot = service, kind, slot
        self.name = f"{service} {kind}" + (f" {slot}" if kind == "worker" else "")
        self.port = free_port()
        self.failpoint = ""
        self.clock_offset = 0  # seconds by which its wall clock is wrong, from its next start on
        self.wanted = False
        self.replaced = 0
        self._around = around
        self._child: Answering | None = None
        self._serving: set[int] = set()
        self._look_again_at = 0.0

    @property
    def pid(self) -> int:
        pid = self._child.pid if self._child else None
        assert pid is not None, f"{self.name} was never started"
        return pid

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.alive

    @property
    def ready(self) -> bool:
        return self._child is not None and self._child.answers() is None

    @property
    def exit_words(self) -> str:
        return self._child.exit_words if self._child else "was never started"

    def start(self, failpoint: str = "") -> None:
        variable = "METRICS_PORT" if self.kind == "worker" else "PORT"
        own = {
            f"SCORE_{self.service.upper()}_{variable}": str(self.port),
            "SCORE_WORKER_SLOT": str(self.slot),
            "SCORE_FAILPOINT": failpoint,
            "SCORE_CLOCK_OFFSET": str(self.clock_offset),
        }
        around = {**self._around, "environment": {**self._around["environment"], **own}}
        command = [sys.executable, "-m", f"services.{self.service}", self.kind]
        self.failpoint, self._serving, self.wanted = failpoint, set(), True
        self._child = Answering(self.port, self.name, command, tier=TIERS[self.kind], **around)
        self._child.start()

    def lost_a_child(self) -> bool:
        """Whether the web's master had to replace its worker since it was last asked."""
        if self.kind != "web" or not self.alive or time.monotonic() < self._look_again_at:
            return False
        self._look_again_at = time.monotonic() + CHILDREN_SECONDS
        try:
            now = {child.pid for child in psutil.Process(self.pid).children()}
        except psutil.NoSuchProcess:
            return False
        lost, self._serving = self._serving - now, now
        return bool(lost)

    @property
    def stopped(self) -> bool:
        """Whether it is held by a SIGSTOP."""
        try:
            return self.alive and psutil.Process(self.pid).status() == psutil.STATUS_STOPPED
        except psutil.NoSuchProcess:
            return False

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        if self._child is not None:
            self._child.kill()

    def ask_to_end(self) -> None:
        if self._child is not None:
            self._child.terminate()

    def bury(self) -> None:
        if self._child is not None:
            self._child.bury()

    def end(self, seconds: float = 12.0) -> None:
        """Ask it to end and wait; what does not end is killed."""
        self.wanted = False
        if self._child is not None:
            self._child.terminate()
            self._child.finish(time.monotonic() + seconds)


class Fleet:
    """All processes of a platform."""

    def __init__(self, around: Mapping[str, Any], give_up: Callable[[], None]) -> None:
        self._around, self._give_up = around, give_up
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._stopped: set[str] = set()
        self.processes: dict[str, Process] = {}
        self.killed: Counter[str] = Counter()
        self.unscheduled: list[str] = []
        self._next: dict[str, deque[str]] = defaultdict(deque)
        self._thread = threading.Thread(target=self._tend, name="supervisor", daemon=True)
        self._thread.start()

    def declare(self, service: str, kind: str = "worker", slot: int = 0) -> Process:
        process = Process(service, kind, slot, self._around)
        with self._lock:
            self.processes[process.name] = process
        return process

    def __getitem__(self, name: str) -> Process:
        return self.processes[name]

    def start(self, name: str, failpoint: str = "") -> Process:
        with self._lock:
            self.processes[name].start(failpoint)
        return self.processes[name]

    def restart(self, name: str, failpoint: str = "") -> Process:
        """End it as an upgrade would, and start it with a failpoint."""
        with self._lock:
            self.processes[name].end()
            return self.start(name, failpoint)

    def end(self, name: str) -> None:
        with self._lock:
            self.processes[name].end()

    def then(self, name: str, *failpoints: str) -> None:
        """What the processes that replace this one, each after the death of the one before, are started with."""
        self._next[name] = deque(failpoints)

    def await_ready(self, *names: str) -> None:
        for name in names or tuple(name for name, process in self.processes.items() if process.wanted):
            process = self.processes[name]
            until(lambda process=process: process.ready, f"{name} is ready")

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        wanted = [process for process in self.processes.values() if process.wanted]
        for kind in ("web", "worker"):
            ending = [process for process in wanted if process.kind == kind]
            for process in ending:
                process.ask_to_end()
            for process in ending:
                process.end()

    def _tend(self) -> None:
        while not self._over.wait(0.05):
            with self._lock:
                for process in self.processes.values():
                    if process.wanted and (not process.alive or process.lost_a_child()):
                        self._replace(process)
                self._give_up_the_stopped()

    def _give_up_the_stopped(self) -> None:
        """A process that was stopped inside a transaction keeps its rows locked like a dead one."""
        stopped = {process.name for process in self.processes.values() if process.stopped}
        if stopped - self._stopped:
            self._give_up()
        self._stopped = stopped

    def _replace(self, process: Process) -> None:
        how = process.exit_words
        if "SIGKILL" not in how and process.alive is False:
            self.unscheduled.append(f"{process.name} {how}")
        self.killed[process.name] += 1
        process.bury()
        self._give_up()
        process.replaced += 1
        following = self._next[process.name]
        process.start(following.popleft() if following else "")
