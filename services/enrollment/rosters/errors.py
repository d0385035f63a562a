"""Says what is refused about rosters and attendance."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

ENTERPRISE_MISSING: Final = Fault("enterprise-missing", Message("An enterprise with seats is missing."))
ATTENDANCE_DIFFERS: Final = Fault(
    "attendance-differs", Message("The numbers present differ from the daily attendance lists.")
)
DAY_LIST_MISSING: Final = Fault(
    "day-list-missing",
    Message("A day of the training has no attendance list. Enter it, or name the day as one without a list."),
)
ENTERPRISE_NOT_SEATED: Final = Fault("enterprise-not-seated", Message("This enterprise has no seats."))
MORE_THAN_SEATED: Final = Fault("more-than-seated", Message("More were present than this enterprise has seats."))
ROLE_MISSING: Final = Fault("role-missing", Message("At least one person is needed."))
PARTICIPANT_TWICE: Final = Fault("participant-twice", Message("The same participant is given twice."))
