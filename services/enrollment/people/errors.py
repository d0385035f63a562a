"""Says what is refused about participants."""

from __future__ import annotations

from typing import Final

from shared.kernel.errors import Fault
from shared.kernel.message import Message

PERSON_REGISTERED: Final = Fault(
    "person-registered",
    Message(
        "A person of this name is registered for this enterprise. For another of the same name send namesake: true."
    ),
)
PURPOSE_MISSING: Final = Fault("purpose-missing", Message("Name at least one purpose."))
LEGAL_HOLD: Final = Fault(
    "legal-hold", Message("The law requires that these data are kept until the day that is given.")
)
PERSON_ERASED: Final = Fault("person-erased", Message("This person's data were erased."))
UNKNOWN_PARTICIPANT: Final = Fault("unknown-participant", Message("This enterprise has no such participant."))
