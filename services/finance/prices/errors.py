"""Says what is refused about prices."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

UNKNOWN_INSTITUTION: Final = Fault("unknown-institution", Message("There is no such institution. Check its number."))
