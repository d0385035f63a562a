"""Finds who holds a port, in words that a person can act on: pid and command line."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import psutil

WORDS_OF_COMMAND = 6  # enough to recognise a program; later arguments may hold addresses with passwords


@dataclass(frozen=True, slots=True)
class Holder:
    port: int
    wanted_by: str
    pid: int | None
    command: str

    def __str__(self) -> str:
        who = f"pid {self.pid} ({self.command})" if self.pid else "a process of another user"
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
