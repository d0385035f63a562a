"""Says what is refused about requests for privacy."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

NOT_AN_ACCESS_REQUEST: Final = Fault(
    "not-an-access-request",
    Message("Only a request for access is answered here. Open the person and do there what was asked."),
)
DATE_IN_PAST: Final = Fault("date-in-past", Message("This day is in the past. Choose today or a later day."))
