"""Says what is refused about readings."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

REQUIRED: Final = Fault("required")
UNKNOWN_INDICATOR: Final = Fault(
    "unknown-indicator", Message("This indicator is not in the catalogue of what is entered. Leave it out.")
)
REPEATED_READING: Final = Fault("repeated-reading", Message("This indicator stands here twice. Keep one of them."))
SEX_NEEDED: Final = Fault("sex-needed", Message("This indicator is read for women and for men. Say for whom."))
SEX_NOT_ASKED: Final = Fault(
    "sex-not-asked", Message("This indicator is read for everybody together. Leave the sex out.")
)
FIGURES_OF_NOTHING: Final = Fault(
    "figures-of-nothing",
    Message("What was not measured has no figures. Leave them empty, or say that it is an estimate."),
)
DENOMINATOR_NOT_ASKED: Final = Fault(
    "denominator-not-asked", Message("This indicator is a count, not a rate. Leave the second figure empty.")
)
NO_DIVISION_BY_ZERO: Final = Fault(
    "denominator-zero", Message("A rate of nothing cannot be made. Say that it was not measured.")
)
UNKNOWN_VIEWER: Final = Fault("unknown-institution", Message("This institution is not known here. Choose another one."))
NO_RELEASE: Final = Message(
    "The readings are not released to this institution. Look at the list of those that see them."
)
