"""Says what is refused about payments."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

DAY_TO_COME: Final = Fault("date-in-future", Message("This day is in the future. Enter it on its day or later."))
