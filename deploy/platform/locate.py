"""Finds the stack that runs on a data folder, or the plan of the one that would be started."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from deploy.platform.declarations import declarations, services_folder
from deploy.platform.lock import holder, is_held
from deploy.platform.plan import Plan
from deploy.platform.run_file import read_run


def plan_of(data: Path, offset: int | None = None) -> Plan:
    """Return the plan of the stack that runs on the data, or the one that would be started.

    What the stack has told about itself decides; an `offset` other than its own means another one.
    """
    recorded = read_run(data) if running(data) is not None else {}
    embedded = recorded.get("embedded", {"store": True, "broker": True})
    own = offset is None or offset == recorded.get("ports_offset")
    return Plan(
        data, declarations(), services_folder().parent,
        offset=recorded.get("ports_offset", 0) if offset is None else offset,
        mongo=None if embedded["store"] else os.environ.get("SCORE_MONGO_URL", recorded["mongo_url"]),
        kafka=None if embedded["broker"] else recorded["kafka"],
        inherited={**os.environ, **(ports_recorded(recorded) if own else {})},
    )  # fmt: skip


def ports_recorded(recorded: Mapping[str, Any]) -> dict[str, str]:
    """Return the ports of a running stack's services as settings: whoever started it may have chosen them one by one."""
    ports = {}
    for name, told in recorded.get("services", {}).items():
        ports[f"SCORE_{name.upper()}_PORT"] = str(urlsplit(told["address"]).port)
        ports[f"SCORE_{name.upper()}_METRICS_PORT"] = str(told["metrics_port"])
    return ports


def running(data: Path) -> int | None:
    """Return the pid of the runner that works on the data now."""
    pid = holder(data)
    return pid if pid is not None and is_held(data) and psutil.pid_exists(pid) else None
