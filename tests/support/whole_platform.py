"""The whole platform as a person runs it: `score` as a process, on free ports and a data folder of its own."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import psutil
from pymongo import MongoClient

from deploy.platform.client import Client
from deploy.platform.declarations import declarations
from deploy.platform.plan import Plan
from deploy.platform.ports import is_free
from shared.kernel.service import ROOT
from tests.support.contract.hook import judge_noted, noting
from tests.support.waiting import until

SCORE = Path(sys.executable).with_name("score")

# the tests' own engines are not this platform's
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("SCORE_")}

CLUSTER = os.environ.get("SCORE_TEST_KAFKA")  # used instead of the embedded broker

PASSING = {"attempts", "leases", "relays", "resend_requests", "standing", "migrations", "access_log"}


class Platform:
    def __init__(self, data: Path) -> None:
        self.data = data
        # a cluster may have seen other platforms
        self._environment = ENVIRONMENT | ({"SCORE_TOPIC_PREFIX": f"{os.getpid()}-{data.name}."} if CLUSTER else {})
        self.answers = data.with_name(f"{data.name}-answers")
        self._environment |= noting(self.answers)
        while not all(map(is_free, self._plan(random.randrange(3000, 5500, 10)).ports.values())):
            pass
        self.process: subprocess.Popen[str] | None = None
        self.lines: list[str] = []

    def _plan(self, offset: int) -> Plan:
        self.plan = Plan(self.data, declarations(), ROOT, offset=offset, kafka=CLUSTER, inherited=self._environment)
        return self.plan

    @property
    def arguments(self) -> list[str]:
        return ["--data", str(self.data), "--ports-offset", str(self.plan.offset)]

    @property
    def client(self) -> Client:
        return Client(self.plan)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def start(self, seconds: float = 180) -> None:
        """Start it and wait until the sample programme is loaded."""
        self.lines = []
        self.process = subprocess.Popen(
            [SCORE, "up", *self.arguments, *(["--kafka", CLUSTER] if CLUSTER else [])], cwd=ROOT, text=True,
            env={**self._environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        self.says("SCORE is running", seconds)
        judge_noted(self.answers)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            self.lines.extend(iter(lines.readline, ""))

    def says(self, words: str, seconds: float) -> None:
        def ended() -> bool:
            return self.process is None or self.process.poll() is not None

        until(lambda: words in self.output or ended(), lambda: f"{words!r} in\n{self.output}", seconds)
        assert words in self.output, f"{words!r} was not said:\n{self.output}"

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def stop(self, seconds: float = 90) -> int:
        """Ask it to end as a supervisor does; its exit code."""
        assert self.process is not None
        process = self.process
        process.send_signal(signal.SIGTERM)
        until(lambda: process.poll() is not None, lambda: f"its end, in\n{self.output[-5000:]}", seconds)
        return process.returncode

    def leave_nothing(self) -> None:
        """After a failed test: end what is left of it, by its ids."""
        if self.process is None or self.process.poll() is not None:
            return
        family = self.family()
        try:
            self.stop()
        finally:
            for process in family:
                if process.is_running():
                    process.kill()

    def score(self, *arguments: str, seconds: float = 180) -> subprocess.CompletedProcess[str]:
        """Run another command of `score` to its end."""
        done = subprocess.run(
            [SCORE, *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        judged = judge_noted(self.answers)
        assert judged or arguments[0] != "demo", "no answer of the demonstration was noted"
        return done

    def people(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.data / "people.json").read_text(encoding="utf-8"))
        return found

    def rows(self) -> dict[str, int]:
        """How many rows each collection holds, once nothing is on its way any more."""
        self.client.until("nothing is on its way any more", self.client.quiet)
        client: MongoClient[dict[str, Any]] = MongoClient(self.plan.mongo_url)
        try:
            return {
                f"{service.name}.{name}": client[service.database][name].count_documents({})
                for service in self.plan.services
                for name in sorted(client[service.database].list_collection_names())
                if name not in PASSING
            }
        finally:
            client.close()
