"""Says what is refused about granting certificates and taking them away."""

from __future__ import annotations

from datetime import date
from typing import Final, TypedDict

from shared.domain.errors import Conflict, NotAllowedNow
from shared.kernel.errors import Fault
from shared.kernel.message import Message

ERASED: Final = Message("This person's data were erased. Nothing more can be entered for them.")
NAME_KEPT: Final = Message(
    "The name stays with a certificate while it is valid, and for some time after. Ask for the erasure again after that."
)
EARNED_LATER: Final = Fault(
    "date-in-future", Message("This day is in the future. Write the day that stands on the certificate.")
)
BEFORE_FIRST_DAY: Final = Fault(
    "before-first-day", Message("The last day is before the first. Correct one of the two.")
)
LAPSED: Final = Message("The last day of this certificate has passed. Grant a new one.")


def certified_already(module: str, number: str) -> Conflict:
    return Conflict(
        Message(
            "This trainer already has a certificate for %(module)s: %(number)s. Choose another module.",
            {"module": module, "number": number},
        )
    )


def foundation_missing(module: str) -> NotAllowedNow:
    return NotAllowedNow(
        Message(
            "The trainer needs a valid certificate for %(module)s before any other module. Grant that one first.",
            {"module": module},
        ),
        verb="certify",
    )


class KeptUntil(TypedDict):
    until: date


class NameKept(Conflict):
    """The holder's name stays with a certificate until a day."""

    type_name = "name-kept"
    declared_members = KeptUntil

    def __init__(self, until: date) -> None:
        super().__init__(NAME_KEPT, members={"until": until})
