"""Says what is refused about rosters and attendance."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

ENTERPRISE_MISSING: Final = Fault(
    "enterprise-missing", Message("An enterprise that has seats is missing. Enter who was there; 0 if nobody was.")
)
ATTENDANCE_DIFFERS: Final = Fault(
    "attendance-differs",
    Message("These numbers differ from the daily attendance lists. Correct the lists, or these numbers."),
)
DAY_LIST_MISSING: Final = Fault(
    "day-list-missing",
    Message("A day of the training has no attendance list. Enter it, or name the day as one without a list."),
)
ENTERPRISE_NOT_SEATED: Final = Fault(
    "enterprise-not-seated", Message("This enterprise has no seats in the training. Give it seats first.")
)
MORE_THAN_SEATED: Final = Fault(
    "more-than-seated", Message("More were there than the enterprise has seats. Write fewer.")
)
ROLE_MISSING: Final = Fault(
    "role-missing", Message("Write at least 1: one manager and one worker of each enterprise take part.")
)
SEATS_OR_PARTICIPANTS: Final = Fault(
    "seats-or-participants", Message("Give the number of seats or name the participants, not both.")
)
PARTICIPANT_TWICE: Final = Fault("participant-twice", Message("The same participant is given twice. Leave one out."))
