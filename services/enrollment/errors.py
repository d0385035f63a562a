"""Refuses what a request asks, or what the present state does not allow. Each subject's `errors` say what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from shared.domain.errors import Conflict, Invalid
from shared.kernel import clock
from shared.kernel.errors import Fault
from shared.kernel.message import Message
from shared.reference.zones import WIB

DATE_IN_FUTURE: Final = Fault("date-in-future", Message("This day is in the future. Choose today or an earlier day."))

FILE_GONE: Final = Message("This file is not kept any more, or was not checked to its end. Send it again.")


def refused(pointer: str, fault: Fault) -> Invalid:
    return Invalid(errors=[fault.at(pointer)])


def not_in_future(pointer: str) -> Callable[[date | None], None]:
    """Return the check of a day that cannot be one to come; none where it was left out."""

    def check(day: date | None) -> None:
        if day is not None and day > clock.today(WIB):
            raise refused(pointer, DATE_IN_FUTURE)

    return check


def conflicting(fault: Fault, *, pointer: str = "") -> Conflict:
    """Return the refusal of a rule that the present state breaks, not the request: 409 with the rule's code."""
    return Conflict(fault.detail, errors=[fault.at(pointer)])
