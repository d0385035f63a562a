"""Says what is refused about visits."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import Conflict, Forbidden
from shared.kernel.message import Message

MADE_VISIT: Final = Message("You made this visit. Ask somebody else to review the report.")
NOT_CONFIRMED: Final = Message(
    "The enterprise has not confirmed this visit. Ask it to answer the letter, then accept the report."
)
ENTERED_REPORT: Final = Message("You entered this report. Ask somebody else to review it.")


class OwnReport(Forbidden):
    """Nobody accepts the report of a visit that they made, or that they entered."""

    type_name = "own-report"


class NotConfirmed(Conflict):
    """The programme accepts no report that the enterprise has not confirmed."""

    type_name = "not-confirmed"


def number_taken(number: int) -> Conflict:
    return Conflict(
        Message(
            "This module has its visit %(number)s already. Choose another number, or leave it empty.",
            {"number": number},
        )
    )
