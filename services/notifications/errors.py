"""What notifications refuses."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

UNKNOWN_LETTER: Final = Fault("unknown-letter", Message("There is no such letter. Check its number."))
