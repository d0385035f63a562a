"""Says what is refused about modules and plans."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

UNKNOWN_MODULE: Final = Fault("unknown-module", Message("The catalogue has no such module."))
VERSION_PUBLISHED: Final = Fault(
    "version-published", Message("This version was published with another content; publish a new one.")
)
VERSION_GAP: Final = Fault("version-gap", Message("The number must be one above the last version's."))
VERSION_EARLIER: Final = Fault(
    "version-earlier", Message("A new version cannot be valid before the version that it follows.")
)
FIRST_MODULE_MISSING: Final = Fault("first-module", Message("A plan begins with the programme's first module, M1."))
MODULE_TWICE: Final = Fault("module-twice", Message("The same module is given twice."))
PREREQUISITE_MISSING: Final = Fault(
    "prerequisite-missing", Message("A module that has to come before it does not stand before it in the plan.")
)
