"""Says what is refused about visits."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import Conflict
from shared.kernel.errors import Fault
from shared.kernel.message import Message

UNKNOWN_MODULE: Final = Fault("unknown-module", Message("This module is not in the catalogue. Choose one that is."))
DAY_TO_COME: Final = Fault(
    "date-in-future", Message("This day is in the future. Report the visit on its day or later.")
)
OWN_REPORT: Final = Message("You made this visit. Ask somebody else to review the report.")
ENTERED_REPORT: Final = Message("You entered this report. Ask somebody else to review it.")


def number_taken(number: int) -> Conflict:
    return Conflict(
        Message(
            "This module has its visit %(number)s already. Choose another number, or leave it empty.",
            {"number": number},
        )
    )
