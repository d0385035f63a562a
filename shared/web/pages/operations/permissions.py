"""Who may use the operations page, and the note that is taken before anything is done."""

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
