"""Says which modules are refused."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

UNKNOWN_MODULE: Final = Fault("unknown-module", Message("This module is not in the catalogue. Choose one that is."))
