"""Says what is refused about reports."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

UNKNOWN_ITEM: Final = Fault("unknown-item", Message("This item is in no checklist of the module. Leave it out."))
REPEATED_ITEM: Final = Fault("repeated-item", Message("This item stands here twice. Keep one of them."))
WHAT_IS_WRONG: Final = Fault("required", Message("What is not right is not said yet. Say it in a few words."))
