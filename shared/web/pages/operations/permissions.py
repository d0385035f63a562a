"""Says who may use the operations page, and notes each act in the access log before it is done."""

from __future__ import annotations

from uuid import UUID

from shared.access import access_log
from shared.kernel.context import current_principal

OPERATORS = ("programme",)
NAME = "operations"


def may_act() -> bool:
    return current_principal().role in OPERATORS


def note(action: str, key: UUID | None) -> None:
    access_log.note(current_principal(), action, NAME, key, "allowed")
