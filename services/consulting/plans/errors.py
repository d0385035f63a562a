"""Says what is refused about improvement plans."""

from __future__ import annotations

from typing import Final, TypedDict
from uuid import UUID

from shared.domain.errors import Conflict
from shared.kernel.errors import Fault
from shared.kernel.message import Message

ALREADY_THERE: Final = Message("This enterprise has an improvement plan of this module already. Open it instead.")
NO_TEAM: Final = Fault(
    "team-missing", Message("The plan has no improvement team yet. Enter the team, then have the plan approved.")
)
NO_ACTIONS: Final = Fault(
    "actions-missing", Message("The plan has no action yet. Add at least one, then have the plan approved.")
)
BOTH_SIDES: Final = Fault(
    "both-sides", Message("A team has at least one manager and one worker. Enter how many there are.")
)
NOT_YOURS: Final = Fault(
    "not-for-you",
    Message("Workers do not approve by the enterprise's account. Ask the trainer to enter it."),
)
BASIS_MISSING: Final = Fault(
    "required", Message("How the saving was found is not said yet. Choose one of the answers.")
)
SAVING_MISSING: Final = Fault(
    "required", Message("The saving is not said yet. Enter it, or leave out how it was found.")
)


class ExistingPlan(TypedDict):
    existing_id: UUID


class PlanExists(Conflict):
    """An enterprise has one plan of a module; `existing_id` says which one it is."""

    type_name = "plan-exists"
    declared_members = ExistingPlan

    def __init__(self, existing_id: UUID) -> None:
        super().__init__(ALREADY_THERE, members={"existing_id": existing_id})
