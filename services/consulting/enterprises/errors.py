"""Says which enterprises are refused."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

UNKNOWN_ENTERPRISE: Final = Fault("unknown-enterprise", Message("There is no such enterprise. Check its number."))
GONE: Final = Message("This enterprise is no longer in the programme. Choose another one.")


def enterprise_gone(state: str) -> Fault:
    """Return what is wrong with an enterprise that left or was merged; the code says which."""
    return Fault(f"enterprise-{state}", GONE)
