"""Says what is refused about participants."""

from __future__ import annotations

from datetime import date
from typing import Final, TypedDict
from uuid import UUID

from shared.domain.errors import Conflict
from shared.kernel.errors import Fault
from shared.kernel.message import Message

PERSON_REGISTERED: Final = Fault(
    "person-registered",
    Message(
        "A person of this name is registered for this enterprise already. If this is another person, confirm that (namesake)."
    ),
)
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


class RegisteredPerson(TypedDict):
    participant_id: UUID


class PersonRegistered(Conflict):
    """A person of this name is there; `participant_id` says which."""

    type_name = "person-registered"
    declared_members = RegisteredPerson

    def __init__(self, participant_id: UUID) -> None:
        faults = [PERSON_REGISTERED.at("/name")]
        super().__init__(PERSON_REGISTERED.detail, errors=faults, members={"participant_id": participant_id})


class Hold(TypedDict):
    reason: str | None
    until: date | None


class LegalHold(Conflict):
    """The law wants the person's data kept until a day."""

    type_name = "legal-hold"
    declared_members = Hold

    def __init__(self, reason: str | None, until: date | None) -> None:
        super().__init__(LEGAL_HOLD.detail, errors=[LEGAL_HOLD.at("")], members={"reason": reason, "until": until})
