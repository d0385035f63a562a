"""Says which enterprises are refused."""

from __future__ import annotations

from typing import Final

from shared.contracts.event import type_of
from shared.contracts.events.enrollment import TrainingDelivered
from shared.domain.errors import GateClosed
from shared.kernel.errors import Fault
from shared.kernel.message import Message

UNKNOWN_ENTERPRISE: Final = Fault("unknown-enterprise", Message("There is no such enterprise. Check its number."))
GONE: Final = Message("This enterprise is no longer in the programme. Choose another one.")


def no_classroom(module: str) -> GateClosed:
    words = Message(
        "This enterprise has had no classroom of %(module)s by the day of the visit, so the visit would not count. Choose another"
        " module or a later day.",
        {"module": module},
    )
    return GateClosed(type_of(TrainingDelivered), words)


def enterprise_gone(state: str) -> Fault:
    """Return what is wrong with an enterprise that left or was merged; the code says which."""
    return Fault(f"enterprise-{state}", GONE)
