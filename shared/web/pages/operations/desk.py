"""Who may use the operations page, and the note that is taken before anything is done."""

from __future__ import annotations

from uuid import UUID

from shared.runtime.context import current_principal
from shared.web import access_log
from shared.web.pages.surface import Pages

OPERATORS = ("programme",)
OPERATIONS = Pages("operations", stored=False)


def may_act() -> bool:
    return current_principal().role in OPERATORS


def note(action: str, key: UUID | None) -> None:
    access_log.note(current_principal(), action, OPERATIONS.service, key, "allowed")
