"""The embedded stack: started in order, kept alive, stopped in the exact reverse.

Store, broker, migrate, mail, workers, web; each step waits until the one before answers. All collections, indexes and
topics are made by migrate alone, before any other process runs: the store deadlocks for good when two connections
create one collection. Either everything is ready, or the reason is said and nothing is left.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from deploy.platform.eviction import evict_worker
from deploy.platform.memory import Memory, measure
from deploy.platform.plan import Plan
from deploy.platform.run_file import forget_run, remember_run
from deploy.runner.child import Answering, Child, Dispensable
from deploy.runner.console import Console
from deploy.runner.engines import Broker, Store, ping_store, roll_back_abandoned
from deploy.runner.parent_watch import ParentWatch
from deploy.runner.ready_block import ready_block
from deploy.runner.supervisor import GivenUp, Supervisor
from deploy.runner.watchdog import LifeWatch, Watchdog
from deploy.settings import RunnerSettings
from shared.messaging.kafka.probe import reach_broker

STORE, BROKER, MIGRATE, MAIL, WORKERS, WEB, SAMPLE = range(1, 8)
TICK = 0.1  # seconds between two looks


class StopRequested(Exception):
    """Somebody asked the stack to end."""


class Stack:
    def __init__(self, plan: Plan, settings: RunnerSettings, console: Console, parent_watch: ParentWatch) -> None:
        self._plan, self._settings, self._console, self._parent_watch = plan, settings, console, parent_watch
        self._supervisor = Supervisor(settings, console, self._clean_up_after, self._welcome)
        self._stopping = False
        self._passing: list[Child] = []
        self._watchdog: Watchdog | None = None
        self._life_watch = LifeWatch(self._supervisor.children, settings, console)

    def request_stop(self) -> None:
        """Ask the stack to end: the first request ends it in order, the second at once.

        Takes no lock: a signal's handler runs in the middle of anything, also of the lines that hold the lock.
        """
        if self._stopping:
            self._supervisor.kill()
        self._stopping = True

    def run(self) -> int:
        """Start, serve until a stop is requested, stop. Return the exit code: 0 ended as asked, 1 given up."""
        began = time.monotonic()
        try:
            remember_run(self._plan)
            self._start()
            self._life_watch.start()
            ready_seconds = time.monotonic() - began
            self._console.say(f"everything is ready after {ready_seconds:.1f} s")
            remember_run(self._plan, ready_seconds)
            sampled = self._load_sample()
            self._console.show(ready_block(self._plan, ready_seconds, sampled))
            self._serve()
        except StopRequested:
            return 0
        except GivenUp as reason:
            self._console.say(str(reason))
            return 1
        finally:
            self._end()
        return 0

    def _start(self) -> None:
        plan, settings = self._plan, self._settings
        if plan.mongo:
            patience = settings.ping_timeout_seconds
            self._wait("the store elsewhere", lambda: _as_list(ping_store(plan.mongo_url, patience)))
        else:
            cache, free = settings.store_cache, settings.store_free_mib
            store = Store(plan.store_port, plan.data, cache, free, **self._child_options(STORE))
            self._start_tier([store])
            self._watchdog = Watchdog(store, settings, self._console)
            self._watchdog.start()
        if plan.kafka:
            self._wait("the broker elsewhere", lambda: _as_list(reach_broker(plan.kafka_addresses)))
        else:
            self._start_tier([Broker(plan.broker_port, plan.data, **self._child_options(BROKER))])
        if self._run_once("migrate", plan.migrate, MIGRATE) != 0:
            raise GivenUp("the collections, indexes and topics could not be made; nothing else was started")
        self._start_tier([self._mail_sink()])
        for verb, tier, port_of in (("worker", WORKERS, plan.metrics_port), ("web", WEB, plan.web_port)):
            self._start_tier([
                Answering(port_of(service), f"{service.name} {verb}",
                          [sys.executable, "-m", f"services.{service.name}", verb], forks=tier == WEB,
                          **self._child_options(tier))
                for service in plan.services
            ])  # fmt: skip

    def _mail_sink(self) -> Child:
        plan = self._plan
        command = [
            sys.executable, "-m", "deploy.mailbox.sink", "--smtp-port", str(plan.smtp_port),
            "--http-port", str(plan.mailbox_port), "--dir", str(plan.data / "mail"),
            "--keep", str(self._settings.mailbox_messages), "--keep-hours", str(self._settings.mailbox_hours),
            "--bounces", str(plan.bounces), *plan.bounce_options,
        ]  # fmt: skip
        return Dispensable(plan.mailbox_port, "mail", command, **self._child_options(MAIL))

    def _child_options(self, tier: int) -> dict[str, Any]:
        return {
            "tier": tier,
            "environment": self._plan.environment(),
            "folder": self._plan.folder,
            "console": self._console,
            "parent_watch": self._parent_watch,
        }

    def _start_tier(self, children: list[Child]) -> None:
        """Start processes of one tier together and wait until all of them answer."""
        for child in children:
            self._supervisor.start(child)
        waiting = list(children)

        def missing() -> list[str]:
            missing_by_name = {child.name: child.answers() for child in waiting}
            waiting[:] = [child for child in waiting if missing_by_name[child.name] is not None]
            return [part for part in missing_by_name.values() if part is not None]

        began = time.monotonic()
        self._wait(", ".join(child.name for child in children), missing)
        self._console.say(f"ready: {', '.join(child.name for child in children)} ({time.monotonic() - began:.1f} s)")

    def _wait(self, what: str, missing: Callable[[], Iterable[str]]) -> None:
        deadline = time.monotonic() + self._settings.start_seconds
        while lacking := list(missing()):
            self._look()
            if time.monotonic() > deadline:
                raise GivenUp(f"{what} not ready within {self._settings.start_seconds:.0f} s: {'; '.join(lacking)}")

    def _look(self) -> None:
        """Look whether somebody has asked to stop and everything lives: one turn of the runner."""
        time.sleep(TICK)
        if self._stopping:
            raise StopRequested
        if self._parent_watch.revive():
            self._console.say("the parent watch had died; there is a new one")
        self._supervisor.tend()
        for child in [child for child in self._passing if not child.alive]:
            child.bury()
            self._passing.remove(child)
            self._console.say(f"{child.name} {child.exit_words}")

    def _run_once(self, name: str, command: tuple[str, ...], tier: int) -> int:
        """Run a command to its end, tending the rest meanwhile; return its exit code."""
        child = self._start_passing(name, command, tier)
        while child in self._passing:
            self._look()
        return 1 if child.exit_code is None else child.exit_code

    def _start_passing(self, name: str, command: tuple[str, ...], tier: int) -> Child:
        """Start a command that ends by itself; the runner's turns bury it."""
        child = Child(name, command, **self._child_options(tier))
        self._passing.append(child)
        child.start()
        return child

    def _load_sample(self) -> bool | None:
        """Load the sample programme: True loaded, False failed, None not asked for."""
        if self._plan.sample is None:
            return None
        return self._run_once("sample", self._plan.sample, SAMPLE) == 0

    def _serve(self) -> None:
        count_at: float | None = time.monotonic() + self._settings.memory_after_seconds
        while True:
            self._look()
            if count_at is not None and time.monotonic() >= count_at:
                count_at = None
                memory = self._memory()
                remember_run(self._plan, memory=memory)
                self._console.show(f"{memory.table()}\n{memory.verdict(self._settings.memory_bound_mib)}")

    def _memory(self) -> Memory:
        trees = {child.name: child.pid for child in self._supervisor.children if child.pid is not None}
        return measure({**trees, "parent_watch": self._parent_watch.pid}, os.getpid())

    def _clean_up_after(self, child: Child, pid: int) -> None:
        """Clean up what a dead process left in the engines.

        A MongoDB elsewhere is its operator's: `transactionLifetimeLimitSeconds` says when it gives such rows free.
        """
        if child.tier in (WORKERS, WEB) and not self._plan.mongo:
            failure = roll_back_abandoned(self._plan.mongo_url, self._settings.ping_timeout_seconds)
            self._console.say(failure or f"what {child.name} left open in the store is rolled back")
        if child.tier == WORKERS:
            evict_worker(self._plan.kafka_addresses, child.name, pid, self._console.say)

    def _welcome(self, child: Child) -> None:
        """Have the topics made again on a broker that is back: with its data it may have lost them.

        Clients make topics by use, with one partition and kept as the broker pleases.
        """
        if child.tier == BROKER:
            self._start_passing("topics", (*self._plan.migrate, "topics"), MIGRATE)

    def _end(self) -> None:
        self._stopping = True
        self._life_watch.stop()
        if self._watchdog:
            self._watchdog.stop()
        forget_run(self._plan)
        for child in self._passing:
            child.terminate()
            child.finish(time.monotonic() + self._settings.stop_seconds)
        self._console.say("stopping")
        self._supervisor.stop()
        self._console.say("everything has stopped")


def _as_list(text: str | None) -> list[str]:
    return [text] if text else []
