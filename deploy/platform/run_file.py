"""Keeps what is known about a run in `stack.json`, for other commands."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from deploy.platform.memory import Memory
from deploy.platform.plan import Plan


def without_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def run_file(data: Path) -> Path:
    return data / "stack.json"


def remember_run(plan: Plan, ready_seconds: float | None = None, memory: Memory | None = None) -> None:
    """Write what is known about the running stack; later calls add to earlier ones, the first one says `starting`."""
    earlier = read_run(plan.data)
    recorded: dict[str, Any] = earlier if earlier.get("pid") == os.getpid() else {"state": "starting"}
    recorded |= {
        "pid": os.getpid(),
        "ports_offset": plan.offset,
        "mongo_url": without_password(plan.mongo_url),
        "kafka": plan.kafka_addresses,
        "embedded": {"store": plan.mongo is None, "broker": plan.kafka is None},
        "smtp": f"127.0.0.1:{plan.smtp_port}",
        "mailbox": plan.mailbox,
        "services": {
            service.name: {"address": plan.address(service), "metrics_port": plan.metrics_port(service)}
            for service in plan.services
        },
    }
    if ready_seconds is not None:
        recorded["state"] = "ready"
        recorded["ready_seconds"] = round(ready_seconds, 2)
    if memory is not None:
        recorded["memory_mib"] = {name: round(size / 2**20, 1) for name, size in memory.by_process.items()}
        recorded["memory_total_mib"] = round(memory.total_mib, 1)
    unfinished = run_file(plan.data).with_suffix(".tmp")
    unfinished.write_text(json.dumps(recorded, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(run_file(plan.data))


def read_run(data: Path) -> dict[str, Any]:
    """Read what a stack has told about itself; empty when none runs. `state` is `starting` or `ready`."""
    try:
        recorded = json.loads(run_file(data).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return recorded if isinstance(recorded, dict) else {}


def forget_run(plan: Plan) -> None:
    run_file(plan.data).unlink(missing_ok=True)
