"""What one notices of a running platform: how soon an event has its effect in another service, start-up and memory.

Latency is measured when nothing else happens: an institution is registered over HTTP, and certification's store is read
every five milliseconds (each look costs the store too) until its own row of that institution is there. The commit lies
between the moment that the event tells as its recording and the answer: counted from the one it is an upper bound of the
time from commit to effect, counted from the other a lower one.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from pymongo import MongoClient

from bench import ground
from bench.figures import REPEATS, Finding, Series, percentile
from deploy.platform.client import Client
from deploy.platform.declarations import declarations
from deploy.platform.memory import MIB
from deploy.platform.plan import Plan
from deploy.platform.ports import is_free
from shared.kernel.service import ROOT

SCORE = Path(sys.executable).with_name("score")
TIMES = 100
LOOK_SECONDS = 0.005
PATIENCE_SECONDS = 10.0
LONGEST_START = 120.0
FLOORS_MS = {0.5: 50, 0.99: 250}
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("SCORE_")}
BODY = {"kind": "private_provider", "name": "Lembaga Contoh", "province": "ID-JB", "email": "info@example.org"}
IMPORTS = {
    "web": "import shared.process.server; from services.enrollment.service import SERVICE as s; s.routes, s.pages",
    "worker": "import shared.process.worker; from services.enrollment.service import SERVICE as s; s.groups, s.timers",
}
MEASURED = "import time; began = time.perf_counter(); {}; print(time.perf_counter() - began)"


class NoEffect(RuntimeError):
    """An event had no effect in time."""


def measure() -> list[Finding]:
    data = Path(tempfile.mkdtemp(prefix="score-bench-"))
    try:
        plan = chosen_plan(data)
        with platform(plan, data / "first.log") as (running, first):
            times = _latencies(plan)
            memory = _memory(running)
        with platform(plan, data / "second.log") as (_, second):
            pass
    finally:
        shutil.rmtree(data, ignore_errors=True)
    whole, recorded, tail = zip(*times, strict=True)
    latency = [_judged(tail, recorded, share, floor) for share, floor in FLOORS_MS.items()]
    latency.append(Finding("the same, counted from the request", _shares(whole)))
    start = Finding("`score up` until ready, six services: empty folder, then again", f"{first:.1f} s, {second:.1f} s")
    return [*latency, start, *memory, *_imports()]


def _shares(times: Sequence[float]) -> str:
    return ", ".join(f"p{share * 100:.0f} {percentile(times, share):.0f} ms" for share in FLOORS_MS)


def _judged(least: Sequence[float], most: Sequence[float], share: float, floor: float) -> Finding:
    """Met where the upper bound meets the floor, missed where the lower one does not."""
    low, high = percentile(least, share), percentile(most, share)
    what = f"commit to effect in another service, idle, p{share * 100:.0f}"
    met = True if high <= floor else False if low > floor else None
    return Finding(what, f"{low:.0f} to {high:.0f} ms", floor=f"<= {floor} ms", met=met)


def chosen_plan(data: Path) -> Plan:
    while True:
        plan = Plan(data, declarations(), ROOT, offset=random.randrange(5600, 9000, 10), inherited=ENVIRONMENT)
        if all(map(is_free, plan.ports.values())):
            return plan


@contextmanager
def platform(plan: Plan, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """The running platform, and the seconds it took until it was ready."""
    began = time.monotonic()
    command = (str(SCORE), "up", "--data", str(plan.data), "--ports-offset", str(plan.offset), "--no-sample")
    with ground.process(command, {"PYTHONUNBUFFERED": "1"}, log, ENVIRONMENT) as running:
        while not re.search(r"SCORE is running", log.read_text(errors="replace")):
            if running.poll() is not None or time.monotonic() - began > LONGEST_START:
                raise TimeoutError(log.read_text(errors="replace")[-4000:])
            time.sleep(0.05)
        yield running, time.monotonic() - began


def _latencies(plan: Plan) -> list[tuple[float, float, float]]:
    """Milliseconds of each, counted from the request, from the event's recording and from the answer."""
    client = Client(plan)
    store = MongoClient[dict[str, Any]](plan.mongo_url, uuidRepresentation="standard", tz_aware=True)
    token = client.token("programme")
    _latency_ms(client, token, store)
    times = []
    for _ in range(TIMES):
        time.sleep(random.uniform(0.1, 0.3))  # no rhythm that a pause of the consumer could fall in with
        times.append(_latency_ms(client, token, store))
    store.close()
    return times


def _latency_ms(client: Client, token: str, store: MongoClient[dict[str, Any]]) -> tuple[float, float, float]:
    began = time.time()
    made = client.post("enrollment", "/v1/institutions", token, BODY, key=str(uuid.uuid4()))
    answered = time.time()
    key, partners = uuid.UUID(made["id"]), store["score_certification"]["partners"]
    while partners.find_one({"_id": key}, {"_id": 1}) is None:
        if time.time() - began > PATIENCE_SECONDS:
            raise NoEffect(f"{key} did not reach certification within {PATIENCE_SECONDS:.0f} s")
        time.sleep(LOOK_SECONDS)
    seen = time.time()
    (event,) = store["score_enrollment"]["outbox"].find({"key": key})
    recorded = event["recorded_at"].timestamp()
    return (seen - began) * 1000, (seen - recorded) * 1000, (seen - answered) * 1000


def _memory(running: subprocess.Popen[bytes]) -> list[Finding]:
    """Resident sets of enrollment's processes and of everything together; shared pages count in each."""
    family = psutil.Process(running.pid).children(recursive=True)
    lines = {process.pid: " ".join(process.cmdline()) for process in family}
    sizes = {process.pid: process.memory_info().rss / MIB for process in family}
    web = [pid for pid, line in lines.items() if "serve('enrollment')" in line]
    worker = [pid for pid, line in lines.items() if "services.enrollment worker" in line]
    web_words = " + ".join(f"{sizes[pid]:.0f}" for pid in sorted(web))
    return [
        Finding("memory of enrollment's web (gunicorn, its worker) and worker",
                f"{web_words} MiB, {sum(sizes[pid] for pid in worker):.0f} MiB"),
        Finding("memory of all processes of `score up`, engines included", f"{sum(sizes.values()):.0f} MiB"),
    ]  # fmt: skip


def _imports() -> list[Finding]:
    found = []
    for role, statement in IMPORTS.items():
        command = [sys.executable, "-c", MEASURED.format(statement)]
        seconds = [
            float(
                subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, check=True, timeout=60).stdout
            )
            for _ in range(REPEATS)
        ]
        found.append(Finding(f"imports of enrollment's {role}", Series(tuple(seconds)).words(" s", 2)))
    return found
