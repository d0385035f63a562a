"""Looks at the machine itself for the doctor: Python, packages, disk, other runners, ports, the clock."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from deploy.doctor.finding import Finding, note, well, wrong
from deploy.platform.locate import running
from deploy.platform.lock import is_held
from deploy.platform.plan import Plan
from deploy.platform.ports import advice, collisions, taken
from deploy.runner.engines import EngineMissing, broker_program, store_program
from deploy.runner.parent_watch import left_behind

OLDEST_PYTHON = (3, 11)

PACKAGES = (
    "flask", "flask_smorest", "limits", "marshmallow", "mongoengine", "pymongo", "kafka", "gunicorn",
    "prometheus_client", "structlog", "environs", "jwt", "cryptography", "orjson", "babel", "click", "psutil",
    "requests",
)  # fmt: skip

LEAST_FREE_GIB = 2.0

BUILT = datetime(2026, 1, 1, tzinfo=UTC)  # a clock before this code was written is wrong


def examine(plan: Plan) -> Iterator[Finding]:
    yield _python()
    yield _packages(plan)
    yield from _data(plan.data)
    yield _clock()
    yield _runner(plan)
    yield _ports(plan)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return wrong("Python", f"{version} is too old", "install Python 3.11 or newer and make the environment again")
    return well("Python", version)


def _packages(plan: Plan) -> Finding:
    needed = (*PACKAGES, "aiosmtpd")
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        return wrong("packages", f"missing: {', '.join(missing)}", "pip install 'score-platform[embedded]'")
    try:
        engines = [str(store_program()) if not plan.mongo else "", str(broker_program()) if not plan.kafka else ""]
    except EngineMissing as reason:
        return wrong("packages", str(reason), "pip install 'score-platform[embedded]'")
    return well(
        "packages", f"{len(needed)} found, and {len([engine for engine in engines if engine])} embedded engines"
    )


def _data(data: Path) -> Iterator[Finding]:
    folder = next(path for path in (data, *data.parents) if path.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        yield wrong("data folder", f"{folder} is not writable", "choose another with --data, or change its owner")
        return
    free = shutil.disk_usage(folder).free / 2**30
    if free < LEAST_FREE_GIB:
        yield wrong("disk", f"only {free:.1f} GiB free for {data}", "make room; a store without disk stops")
    else:
        yield well("data folder", f"{data}, {free:.0f} GiB free")


def _clock() -> Finding:
    now = datetime.now(UTC)
    offset = float(os.environ.get("SCORE_CLOCK_OFFSET") or 0)
    if now < BUILT:
        return wrong("clock", f"this machine says {now:%Y-%m-%d}", "set its date; tokens and due dates depend on it")
    if offset:
        return note("clock", f"SCORE_CLOCK_OFFSET moves the time by {offset:.0f} s", "unset it if not a test")
    return well("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC, local zone {time.strftime('%Z')}")


def _runner(plan: Plan) -> Finding:
    pid = running(plan.data)
    if pid is not None:
        return well("runner", f"pid {pid} runs on this data")
    if is_held(plan.data):
        return note("runner", "the last one was killed; what it left is being stopped", "wait a few seconds")
    if left := left_behind(plan.marks):
        words = f"was killed, and so was who ends what it leaves: {len(left)} processes run without one"
        return wrong("runner", words, "score up ends them and starts anew")
    return note("runner", "nothing runs on this data", "start it with: score up")


def _ports(plan: Plan) -> Finding:
    taken_ports = taken(plan.ports)
    if running(plan.data) is not None:
        silent = [use for use, port in plan.ports.items() if port not in {holder.port for holder in taken_ports}]
        if silent:
            return wrong("ports", f"nobody listens: {', '.join(silent)}", "the runner's output says why")
        return well("ports", f"all {len(taken_ports)} are served")
    if unusable := collisions(plan):
        return wrong("ports", "; ".join(unusable), advice(plan))
    return well("ports", f"all {len(plan.ports)} are free")
