"""Says what is refused about numbers of certificates."""

from __future__ import annotations

from typing import Final

from shared.kernel.message import Message

NUMBER_GIVEN: Final = Message("This certificate number has been given already.")
