"""Says what is refused about numbers of certificates."""

from __future__ import annotations

from typing import Final

from shared.kernel.message import Message

NUMBER_GIVEN: Final = Message("Another certificate has this number. Check it, or leave it empty to get a new one.")
