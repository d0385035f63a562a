"""Refuses what a request asks, or what the present state does not allow. Each subject's `errors` say what."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import Conflict, Invalid
from shared.kernel.errors import Fault
from shared.kernel.message import Message

DATE_IN_FUTURE: Final = Fault("date-in-future", Message("This day is in the future. Choose today or an earlier day."))

FILE_GONE: Final = Message("This file is not kept any more, or was not checked to its end. Send it again.")


def refused(pointer: str, fault: Fault) -> Invalid:
    return Invalid(errors=[fault.at(pointer)])


def conflicting(fault: Fault, *, pointer: str = "") -> Conflict:
    """Return the refusal of a rule that the present state breaks, not the request: 409 with the rule's code."""
    return Conflict(fault.detail, errors=[fault.at(pointer)])
