"""Says what is refused about assessments."""

from __future__ import annotations

from typing import Final, TypedDict
from uuid import UUID

from shared.domain.errors import Conflict
from shared.kernel.errors import Fault
from shared.kernel.message import Message

UNKNOWN_PRACTICE: Final = Fault("unknown-practice", Message("The checklist has no such practice. Leave it out."))
REPEATED_PRACTICE: Final = Fault("repeated-practice", Message("This practice stands here twice. Keep one of them."))
NOTHING_ASSESSED: Final = Fault(
    "nothing-assessed", Message("Nothing is assessed yet. Give points to a practice or enter a reading.")
)
MODULE_NOT_ASKED: Final = Fault("module-not-asked", Message("Only an endline assessment is of a module. Leave it out."))
ALREADY_THERE: Final = Message("This enterprise has this assessment already. Open it instead.")


class ExistingAssessment(TypedDict):
    existing_id: UUID


class AssessmentExists(Conflict):
    """An enterprise has each assessment once; `existing_id` says which one it is."""

    type_name = "assessment-exists"
    declared_members = ExistingAssessment

    def __init__(self, existing_id: UUID) -> None:
        super().__init__(ALREADY_THERE, members={"existing_id": existing_id})
