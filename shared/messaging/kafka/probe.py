"""Finds out whether a broker is there at all, before its client is asked, which would go on trying."""

from __future__ import annotations

import socket
import struct

WHICH_VERSIONS = struct.pack(
    ">ihhih", 10, 18, 0, 1, -1
)  # the request with which every client begins, of nobody by name


def reach_broker(addresses: str, timeout: float = 2.0) -> str | None:
    """Return None when one of the comma separated addresses accepts a connection, else why not."""
    reason = f"no broker address in {addresses!r}"
    for address in addresses.split(","):
        host, _, port = address.strip().rpartition(":")
        if not port.isdigit():
            continue
        try:
            with socket.create_connection((host.strip("[]") or "127.0.0.1", int(port)), timeout):
                return None
        except OSError as failure:
            reason = f"the broker does not answer on {address.strip()} ({failure.strerror or failure})"
    return reason


def broker_answers(address: str, timeout: float) -> bool:
    """Say whether the broker there answers a request: one that is stopped still accepts connections."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout) as asking:
            asking.sendall(WHICH_VERSIONS)
            return bool(asking.recv(1))
    except OSError:
        return False
