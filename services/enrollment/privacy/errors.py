"""Says what is refused about requests for privacy."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

NOT_AN_ACCESS_REQUEST: Final = Fault(
    "not-an-access-request",
    Message("Only a request for access is answered like this; the others are done by their own action."),
)
DATE_IN_PAST: Final = Fault("date-in-past", Message("This day is over."))
