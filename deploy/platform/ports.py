"""Finds who holds a port, in words that a person can act on: pid, command line and, of one of ours, its platform."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import psutil

from deploy.platform.plan import Plan

STEP = 1000  # between offsets; at one of them the web ports meet the metrics ports of the platform without an offset
LARGEST_OFFSET = 30_000
WORDS_OF_COMMAND = 6  # enough to recognise a program; later arguments may hold addresses with passwords


@dataclass(frozen=True, slots=True)
class Holder:
    port: int
    wanted_by: str
    pid: int | None
    command: str

    def __str__(self) -> str:
        who = f"pid {self.pid} ({self.command})" if self.pid else "a process of another user"
        if data := platform_of(self.pid):
            who += f", of the platform on {data}"
        return f"port {self.port}, needed by {self.wanted_by}, is held by {who}"


class Listener(NamedTuple):
    pid: int | None
    command: str


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def listener(port: int) -> Listener:
    """Return the process that listens on a port, as far as the system tells."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:  # macOS asks for root
        connections = []
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            return Listener(connection.pid, command_of(connection.pid))
    return Listener(None, "")


def command_of(pid: int | None) -> str:
    if pid is None:
        return ""
    try:
        words = psutil.Process(pid).cmdline()
    except psutil.Error:
        return "unknown"
    return " ".join(words[:WORDS_OF_COMMAND]) + (" …" if len(words) > WORDS_OF_COMMAND else "")


def taken(wanted: Mapping[str, int]) -> list[Holder]:
    """Return the wanted ports that are not free; `wanted` is use -> port."""
    return [Holder(port, use, *listener(port)) for use, port in wanted.items() if not is_free(port)]


def platform_of(pid: int | None) -> str | None:
    """Return the data folder of the platform that a process belongs to, None when it is none of ours."""
    if pid is None:
        return None
    try:
        return psutil.Process(pid).environ().get("SCORE_DATA")
    except (psutil.Error, OSError):
        return None


def collisions(plan: Plan) -> list[str]:
    """Say which ports of a plan cannot be used: wanted twice, or held by somebody."""
    users: dict[int, list[str]] = {}
    for use, port in plan.ports.items():
        users.setdefault(port, []).append(use)
    twice = [
        f"port {port} is needed by {' and by '.join(uses)}: see SCORE_<SERVICE>_PORT and SCORE_<SERVICE>_METRICS_PORT"
        for port, uses in users.items() if len(uses) > 1
    ]  # fmt: skip
    return [*twice, *map(str, taken(plan.ports))]


def advice(plan: Plan) -> str:
    """Say what to do about ports that cannot be used, with an offset at which all are free."""
    for offset in range(STEP, LARGEST_OFFSET + 1, STEP):
        ports = replace(plan, offset=offset).ports.values()
        if len(set(ports)) == len(ports) and all(is_free(port) for port in ports):
            return f"end it, or choose other ports with --ports-offset {offset}"
    return "end it; at no offset are all ports free"
