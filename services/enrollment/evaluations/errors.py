"""Says what is refused about answers to an evaluation."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

LINK_USED: Final = Fault("link-used", Message("This link has been used already."))
