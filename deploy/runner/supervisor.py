"""The processes of the stack that must live: noticed when they die, buried, and started again.

A process that dies may leave a transaction open in the store, and a worker members in its groups on the broker: both are
seen to before its replacement starts, and when a web process has replaced one of its own. A process that dies again and
again ends the stack, with words.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.runner.child import Child
from deploy.runner.console import Console
from deploy.settings import RunnerSettings


class GivenUp(RuntimeError):
    """The stack cannot go on; the message says why."""


class Supervisor:
    def __init__(
        self,
        settings: RunnerSettings,
        console: Console,
        clean_up: Callable[[Child, int], None],
        welcome: Callable[[Child], None],
    ) -> None:
        """`clean_up(child, pid)` sees to what a dead process left in the engines; it may take long and may fail silently.

        `welcome(child)` is called when the successor of a dead process answers; it must not wait.
        """
        self._settings, self._console, self._clean_up, self._welcome = settings, console, clean_up, welcome
        self._restarts: dict[str, Restarts] = {}
        self._returning: dict[str, float] = {}
        self.children: list[Child] = []

    def start(self, child: Child) -> None:
        self.children.append(child)
        self._restarts[child.name] = Restarts(self._settings)
        child.start()

    def tend(self) -> None:
        """Look at every process once; called often, by one thread."""
        now = time.monotonic()
        for child in self.children:
            restarts = self._restarts[child.name]
            if restarts.due is None:
                if not child.alive:
                    self._handle_death(child, restarts, now)
                elif child.name in self._returning and child.answers() is None:
                    self._console.say(f"{child.name} is back after {now - self._returning.pop(child.name):.1f} s")
                    self._welcome(child)
                for pid in child.lost():
                    self._console.say(f"{child.name} has replaced its process {pid}, which is gone")
                    self._clean_up_soon(child, pid)
            elif now >= restarts.due:
                self._start_again(child, restarts, now)

    def _start_again(self, child: Child, restarts: Restarts, now: float) -> None:
        hindrance = child.hindrance
        if hindrance is None:
            restarts.due = restarts.hindrance = None
            child.start()
            return
        if hindrance != restarts.hindrance:
            self._console.say(f"{child.name} waits: {hindrance}")
        restarts.due, restarts.hindrance = now + self._settings.restart_first_seconds, hindrance

    def _handle_death(self, child: Child, restarts: Restarts, now: float) -> None:
        pid = child.pid
        self._returning.setdefault(child.name, now)
        child.bury()
        if child.hindrance is not None:
            restarts.deaths.clear()  # it dies of something that is not its own
        if not restarts.died(now) and child.vital:
            raise GivenUp(
                f"{child.name} {child.exit_words}, the {len(restarts.deaths)}th time within "
                f"{self._settings.deaths_seconds:.0f} s: giving up. Its own last lines above say why."
            )
        self._console.say(f"{child.name} (pid {pid}) {child.exit_words}; it is started again")
        if pid is not None:
            self._clean_up_soon(child, pid).join(self._settings.evict_seconds)

    def _clean_up_soon(self, child: Child, pid: int) -> threading.Thread:
        cleaner = threading.Thread(target=self._clean_up, args=(child, pid), name="clean-up", daemon=True)
        cleaner.start()
        return cleaner

    def stop(self) -> None:
        """End everything in the exact reverse of the start, tier by tier."""
        for tier in sorted({child.tier for child in self.children}, reverse=True):
            members = [child for child in reversed(self.children) if child.tier == tier]
            for child in members:
                child.terminate()
            deadline = time.monotonic() + self._settings.stop_seconds
            killed = [child.name for child in members if not child.finish(deadline)]
            self._console.say("stopped " + ", ".join(child.name for child in members))
            if killed:
                self._console.say(f"killed after {self._settings.stop_seconds:.0f} s: {', '.join(killed)}")

    def kill(self) -> None:
        for child in reversed(self.children):
            child.kill()


@dataclass(slots=True)
class Restarts:
    settings: RunnerSettings
    deaths: deque[float] = field(default_factory=deque)
    due: float | None = None
    hindrance: str | None = None

    def died(self, now: float) -> bool:
        """Note a death at `now` (monotonic); False when there were too many to go on."""
        self.deaths.append(now)
        while self.deaths[0] < now - self.settings.deaths_seconds:
            self.deaths.popleft()
        pause = self.settings.restart_first_seconds * 2 ** (len(self.deaths) - 1)
        self.due = now + min(pause, self.settings.restart_max_seconds)
        return len(self.deaths) < self.settings.deaths
