"""Tells the person at the terminal where everything is, once it is ready."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from deploy.platform.plan import Plan
from deploy.platform.run_file import without_password


def ready_block(plan: Plan, ready_seconds: float, sampled: bool | None) -> str:
    width = max([len(service.name) for service in plan.services] + [len("metrics")])
    services = [f"  {service.name:<{width}}  {plan.address(service)}" for service in plan.services]
    metrics = ", ".join(str(plan.metrics_port(service)) for service in plan.services)
    sample = {True: "loaded", False: "NOT loaded, its lines above say why", None: "not asked for"}[sampled]
    return "\n".join([
        "",
        f"SCORE is running, ready after {ready_seconds:.1f} s",
        "",
        *services,
        f"  {'mailbox':<{width}}  {plan.mailbox}",
        f"  {'metrics':<{width}}  /metrics on every address above; workers on 127.0.0.1 ports {metrics}",
        f"  {'store':<{width}}  {without_password(plan.mongo_url)}",
        f"  {'broker':<{width}}  {plan.kafka_addresses}",
        f"  {'data':<{width}}  {plan.data}",
        f"  {'logs':<{width}}  {plan.logs}",
        f"  {'sample':<{width}}  {sample}",
        "",
        f"  A token for the API:  {_command('token --role programme', plan)}",
        f"  Something is wrong?   {_command('doctor', plan)}",
        f"  Stop with Ctrl-C (or: kill {os.getpid()}); the data stay.",
        "",
    ])  # fmt: skip


def _command(words: str, plan: Plan) -> str:
    """Write a command as a person types it from this folder, with the options that this run was started with."""
    program = Path(sys.executable).with_name("score")
    shown = program.relative_to(Path.cwd()) if program.is_relative_to(Path.cwd()) else program
    data = "" if plan.data == Path(".data").resolve() else f" --data {plan.data}"
    return f"{shown} {words}{data}"
