"""Says what is refused about participants."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

PERSON_REGISTERED: Final = Fault(
    "person-registered",
    Message(
        "A person of this name is registered for this enterprise already. If this is another person, confirm that (namesake)."
    ),
)
NOTHING_TO_CORRECT: Final = Fault("nothing-to-correct", Message("Nothing was changed. Write what is to be corrected."))
PURPOSE_MISSING: Final = Fault("purpose-missing", Message("Choose at least one purpose."))
LEGAL_HOLD: Final = Fault(
    "legal-hold",
    Message("The law requires that these data are kept until the day that is given. Ask for the erasure after it."),
)
PERSON_ERASED: Final = Fault(
    "person-erased", Message("This person's data were erased. Nothing more can be entered for them.")
)
UNKNOWN_PARTICIPANT: Final = Fault(
    "unknown-participant", Message("This participant does not belong to the enterprise. Choose one of its people.")
)
