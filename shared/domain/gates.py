"""Closes gates: what must have happened elsewhere or before. Each is a setting `on | warn | off`."""

from __future__ import annotations

from shared.kernel.errors import Problem
from shared.observability import logs

log = logs.get(__name__)


def refuse_or_warn(gate: str, problem: Problem, missing: str) -> None:
    """Refuse, or only note it where the gate is set to warn."""
    if gate == "on":
        raise problem
    log.warning("gate passed with a warning", missing=missing)
