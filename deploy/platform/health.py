"""Asks a process of the platform how it is: `/health/ready` and `/metrics`, in words, never an exception."""

from __future__ import annotations

import http.client
import json
from typing import NamedTuple

HTTP_OK = 200
WELL = {"ok", "assigned", "holds its lease", "standing by", "no"}  # "no" answers the question whether it drains


class Health(NamedTuple):
    ready: bool
    words: str


def fetch(port: int, path: str, timeout: float = 2.0) -> tuple[int, bytes]:
    """Return status and body of a local GET; status 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as reason:
        return 0, str(reason).encode()
    finally:
        connection.close()


def readiness(port: int, timeout: float = 2.0) -> Health:
    status, body = fetch(port, "/health/ready", timeout)
    if status == HTTP_OK:
        return Health(True, "ready")
    if status == 0:
        return Health(False, f"does not answer on port {port}")
    failing = failing_parts(body)
    return Health(False, f"is not ready ({', '.join(failing)})" if failing else f"is not ready (status {status})")


def failing_parts(body: bytes) -> list[str]:
    """List what a readiness answer calls bad: `store: failing`, `finance.billing: not assigned`."""
    try:
        answer = json.loads(body)
    except ValueError:
        return []
    if not isinstance(answer, dict):
        return []
    parts = answer.get("dependencies") or answer.get("checks") or {}
    return [f"{name}: {state}" for name, state in parts.items() if state not in WELL]


def metrics(port: int, timeout: float = 2.0) -> dict[str, float]:
    """Return the largest value of each metric on a local `/metrics`; nothing where nobody answers."""
    status, body = fetch(port, "/metrics", timeout)
    found: dict[str, float] = {}
    for line in body.decode("utf-8", "replace").splitlines() if status == HTTP_OK else ():
        if line and not line.startswith("#"):
            name = line.partition("{")[0].partition(" ")[0]
            value = float(line.rsplit(" ", 1)[1])
            found[name] = max(value, found.get(name, value))
    return found
