"""Finds the stack that runs on a data folder, or the plan of the one that would be started."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from deploy.platform.declarations import declarations, services_folder
from deploy.platform.lock import holder, is_held
from deploy.platform.plan import Plan
from deploy.platform.run_file import read_run


def plan_of(data: Path, offset: int | None) -> Plan:
    """Return the plan of the stack that runs on the data, or the one that would be started."""
    recorded = read_run(data) if running(data) is not None else {}
    embedded = recorded.get("embedded", {"store": True, "broker": True})
    return Plan(
        data, declarations(), services_folder().parent,
        offset=recorded.get("ports_offset", 0) if offset is None else offset,
        mongo=None if embedded["store"] else os.environ.get("SCORE_MONGO_URL", recorded["mongo_url"]),
        kafka=None if embedded["broker"] else recorded["kafka"],
    )  # fmt: skip


def running(data: Path) -> int | None:
    """Return the pid of the runner that works on the data now."""
    pid = holder(data)
    return pid if pid is not None and is_held(data) and psutil.pid_exists(pid) else None
