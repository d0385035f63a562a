"""Says what is refused about targets."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

TOLD_IN_WORDS: Final = Fault("told-in-words", Message("This target is told in words. No number can be set for it."))
