"""Says what is refused about modules and plans."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

UNKNOWN_MODULE: Final = Fault("unknown-module", Message("This module is not in the catalogue. Choose one that is."))
VERSION_PUBLISHED: Final = Fault(
    "version-published", Message("This version was published with another content; publish a new one.")
)
VERSION_GAP: Final = Fault("version-gap", Message("The number does not follow the last version's. Write the next one."))
VERSION_EARLIER: Final = Fault(
    "version-earlier", Message("A new version cannot be valid before the version that it follows. Choose a later day.")
)
FIRST_MODULE_MISSING: Final = Fault("first-module", Message("A plan begins with M1. Put M1 first."))
MODULE_TWICE: Final = Fault("module-twice", Message("The same module is given twice. Leave one out."))
PREREQUISITE_MISSING: Final = Fault(
    "prerequisite-missing", Message("Another module has to come before this one. Put that module earlier in the plan.")
)
