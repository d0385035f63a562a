"""Says what is refused about institutions and their contacts."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

PROVIDER_MISSING: Final = Fault("required")
UNKNOWN_CONTACT: Final = Fault(
    "unknown-contact", Message("The institution has no such contact. Choose one of its contacts.")
)
UNKNOWN_INSTITUTION: Final = Fault("unknown-institution", Message("There is no such institution. Check its number."))
INSTITUTION_SUSPENDED: Final = Fault(
    "institution-suspended", Message("This institution is suspended. The programme staff can let it take part again.")
)
