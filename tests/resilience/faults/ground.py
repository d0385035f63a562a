"""Where a run takes place: an engine for documents, one for records, and platforms of real processes on them.

Everything is a child of this process and known to a parent watch, so nothing survives it. A platform has databases and topics
of its own by prefix; the control run is a second platform on the same engines.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from deploy.platform.client import Client
from deploy.platform.declarations import declarations
from deploy.platform.eviction import evict
from deploy.platform.keys import make_keys
from deploy.platform.plan import Plan
from deploy.runner import engines
from deploy.runner.console import Console
from deploy.runner.parent_watch import ParentWatch
from shared.kernel.service import ROOT
from tests.resilience.faults.broker import GivenBroker, OwnBroker
from tests.resilience.faults.processes import Fleet
from tests.support.engines import free_port
from tests.support.waiting import until

PREFIX = "score-faults-"
QUICK = {
    "SCORE_LEASE_SECONDS": "2",
    "SCORE_SESSION_TIMEOUT_MS": "6000",  # the least that brokers accept
    "SCORE_RELAY_GUARD_SECONDS": "1",
    "SCORE_RELAY_BACKSTOP_MS": "500",
    "SCORE_COMPARE_SECONDS": "2",
    "SCORE_GAP_SECONDS": "1",
    "SCORE_RESEND_REPEAT_SECONDS": "4",
    "SCORE_RESEND_PAGE": "500",
    "SCORE_SEND_TIMEOUT_SECONDS": "11",  # the client refuses less than its request timeout
    "SCORE_MONGO_SELECT_MS": "1000",
    "SCORE_RETRY_FIRST_MS": "10",
    "SCORE_BREAKER_EVENTS": "5",
    "SCORE_BREAKER_SECONDS": "2",
    "SCORE_CONSUMER_IDLE_MS": "150",
    "SCORE_UNCONCERNED_MS": "200",
    "SCORE_DOORBELL_MS": "25",
    "SCORE_RATE_LIMIT": "1000000 per minute",
    "SCORE_GATE_ENTITLEMENT": "off",
    "SCORE_GATE_VISITING_TRAINER": "off",
    "SCORE_GATE_TRAINER": "off",  # no certification runs that would tell of trainers
    "SCORE_GATE_DUPLICATE": "off",  # the names of a run resemble each other
    "SCORE_FORGOTTEN_SECONDS": "1",
    "SCORE_SENDING_SECONDS": "86400",  # letters end as queued: what mail does is not the matter here
}
AT_WORK = ("enrollment", "finance", "reporting", "consulting", "notifications")
NEWCOMER = "certification"


class Ground:
    """The engines of a run."""

    def __init__(self, kafka: str | None, *, patient: bool = False) -> None:
        """`patient`: what dead processes left open in the store is given up by the store alone."""
        self.patient = patient
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self.log = self.folder / "processes.log"
        self._out = self.log.open("w", encoding="utf-8")
        self._console, self._parent_watch = Console(self._out), ParentWatch()
        self._around: dict[str, Any] = {"folder": ROOT, "console": self._console, "parent_watch": self._parent_watch}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SCORE_")}
        self._inherited = {**inherited, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"}
        engine = {**self._around, "environment": self._inherited}
        self._store = engines.Store(free_port(), self.folder, "256M", tier=0, **engine)
        self.broker: Any = GivenBroker(kafka) if kafka else OwnBroker(self.folder, engine)
        make_keys(self.folder / "keys")

    @property
    def store_url(self) -> str:
        return self._store.url

    def start(self) -> None:
        self.start_store()
        self.broker.start()

    def start_store(self) -> None:
        self._store.start()
        until(lambda: self._store.answers() is None, lambda: f"the store answers: {self._store.answers()}")

    def end_store(self, *, by_force: bool = False) -> None:
        (self._store.kill if by_force else self._store.terminate)()
        self._store.finish(time.monotonic() + 10)

    def break_store(self) -> None:
        """Let the store write nothing more, as if its disk were full: it panics, and goes on answering pings."""
        psutil.Process(self._store.pid).rlimit(psutil.RLIMIT_FSIZE, (0, 0))

    def abandon_transactions(self) -> None:
        """What `score up` does after a death, and the store in its time; a patient run leaves it to the store."""
        if not self.patient:
            engines.roll_back_abandoned(self.store_url, 1.0)

    def environment(self, prefix: str) -> dict[str, str]:
        keys = self.folder / "keys"
        given = {} if self.broker.own else {"SCORE_TOPIC_RETENTION_MS": "-1", "SCORE_TOPIC_RETENTION_BYTES": "-1"}
        passed = {name: value for name, value in os.environ.items() if name.startswith("SCORE_TOPIC_REPLICATION")}
        return {
            **self._inherited, **QUICK, **given, **passed,
            "SCORE_DATA": str(self.folder),
            "SCORE_MONGO_URL": self.store_url,
            "SCORE_KAFKA": self.broker.addresses,
            "SCORE_DATABASE_PREFIX": prefix,
            "SCORE_TOPIC_PREFIX": f"{prefix}.",
            "SCORE_NUDGES": str(self.folder / prefix) if self.broker.own else "",  # a cluster is for several machines
            "SCORE_JWKS_URL": (keys / "jwks.json").as_uri(),
            "SCORE_SIGNING_KEY": str(keys / "signing.pem"),
        }  # fmt: skip

    def around(self, environment: dict[str, str]) -> dict[str, Any]:
        return {**self._around, "environment": environment}

    def said(self, name: str, words: str) -> int:
        """How many lines of a process hold these words."""
        beginning, wanted = f"{name:<20} |".encode(), words.encode()
        return sum(line.startswith(beginning) and wanted in line for line in self.log.read_bytes().splitlines())

    def last_lines(self, name: str, most: int) -> list[str]:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if line.startswith(f"{name:<20} |")][-most:]

    def close(self) -> None:
        self.broker.finish()
        self._store.terminate()
        self._store.finish(time.monotonic() + 10)
        self._parent_watch.close()
        self._console.close()
        self._out.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Platform:
    """The services of one prefix, with a caller of their endpoints."""

    def __init__(self, ground: Ground, prefix: str) -> None:
        self.ground, self.prefix = ground, prefix
        self.environment = ground.environment(prefix)
        self.fleet = Fleet(ground.around(self.environment), ground.abandon_transactions)
        self.services: list[str] = []
        web = self.fleet.declare("enrollment", "web")
        prices = self.fleet.declare("finance", "web")
        for service in (*AT_WORK, NEWCOMER):
            self.fleet.declare(service)
        for service in ("enrollment", "finance"):
            self.fleet.declare(service, slot=1)
        ports = {"SCORE_ENROLLMENT_PORT": str(web.port), "SCORE_FINANCE_PORT": str(prices.port)}
        self.client = Client(Plan(ground.folder, declarations(), ROOT, inherited={**self.environment, **ports}))

    def evict(self, name: str) -> None:
        """Take the members of a process out of its groups, as the runner does when one has died."""
        pid = self.fleet[name].pid
        evict(self.ground.broker.addresses, lambda member: member.pid == pid)

    def expel(self, name: str) -> None:
        """A process is silent: a cluster gives it up by itself, the embedded broker never does."""
        if self.ground.broker.own:
            self.evict(name)

    def retry_parked(self, row_id: str) -> subprocess.CompletedProcess[str]:
        return self._operate("retry", row_id.replace("|", "/"))

    def discard_parked(self, row_id: str) -> subprocess.CompletedProcess[str]:
        return self._operate("discard", row_id.replace("|", "/"), "--reason", "planted by a fault run")

    def _operate(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.command("deploy.cli.main", "parked", *words, "--data", str(self.ground.folder))

    def migrate(self) -> None:
        self.command("deploy.migrate")

    def command(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        if module == "deploy.migrate" and done.returncode:
            raise RuntimeError(f"migrate failed:\n{done.stdout}{done.stderr}")
        return done

    def start(self, services: Sequence[str]) -> None:
        """What partners ask, and the workers of these services."""
        self.migrate()
        for service in services:
            self.serve(service)
        self.fleet.start("enrollment web")
        self.fleet.start("finance web")
        self.fleet.await_ready()

    def serve(self, service: str) -> None:
        """Run the service's worker from now on: its groups count from here."""
        self.services.append(service)
        self.fleet.start(f"{service} worker 0")


def _sweep() -> None:
    """Remove the folders of runs that were killed; their processes have ended by themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)
