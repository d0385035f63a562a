"""Finds a target by its code."""

from __future__ import annotations

from services.reporting.targets.model import Target
from shared.domain.errors import NotFound


def target_coded(code: str) -> Target:
    """Return the target with this code, or raise `NotFound`."""
    target = Target.find(Target.id_of(code))
    if target is None:
        raise NotFound("Target", code)
    return target
