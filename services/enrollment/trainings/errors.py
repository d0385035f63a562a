"""Says what is refused about trainings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypedDict
from uuid import UUID

from shared.domain.errors import Conflict
from shared.kernel.errors import Fault
from shared.kernel.message import Message

ENTERPRISE_TWICE: Final = Fault("enterprise-twice", Message("The same enterprise is given twice. Leave one out."))
DAY_TWICE: Final = Fault("day-twice", Message("The same day is given twice. Leave one out."))
ENDS_BEFORE_START: Final = Fault(
    "ends-before-start", Message("A training ends after it starts. Give both times, the later one as its end.")
)
SUPERVISOR_NOT_NEEDED: Final = Fault(
    "supervisor-not-needed",
    Message("Only a supervised training has a supervisor. Leave it empty, or choose a supervised training."),
)
SUPERVISOR_MISSING: Final = Fault(
    "supervisor-missing", Message("A supervised training needs a supervisor. Choose an expert.")
)
SUPERVISES_OWN: Final = Fault(
    "supervises-own", Message("The lead trainer cannot be the supervisor too. Choose another expert.")
)
FEWER_THAN_TAKEN: Final = Fault(
    "fewer-than-taken", Message("More seats than this are taken already. Write at least as many as are taken.")
)
MORE_THAN_ROOM: Final = Fault(
    "more-than-room", Message("The room does not have so many seats. Write fewer, or give the room more seats first.")
)
MORE_THAN_HELD: Final = Fault(
    "more-than-held", Message("The enterprise does not have so many seats. Name fewer people.")
)
NOT_A_TRAINING_DAY: Final = Fault(
    "not-a-training-day", Message("The training does not take place on this day. Choose one of its days.")
)
DAY_TO_COME: Final = Fault(
    "day-to-come", Message("This day is in the future. Enter its attendance on that day or later.")
)
PARTICIPANT_NOT_SEATED: Final = Fault(
    "participant-not-seated", Message("This participant has no seat. Name the person for a seat first.")
)
COMPLETED_ALREADY: Final = Fault(
    "completed-already",
    Message("This enterprise completed the module already. Choose another one, or say that it attends again."),
)
SEATED_ALREADY: Final = Message(
    "The enterprise has its seats already, or waits for them. Take it out first to give it others."
)
LAST_DAY_TO_COME: Final = Message("The training is not over yet. Enter the attendance from its last day on.")
HAS_SEATS: Final = Fault(
    "has-seats",
    Message(
        "The enterprise still has seats in a planned training, or waits for them. Take it out of the training first."
    ),
)


class Planned(TypedDict):
    trainings: list[UUID]


class HasSeats(Conflict):
    """The enterprise has a place in trainings that others count on; `trainings` names them."""

    type_name = "has-seats"
    declared_members = Planned

    def __init__(self, trainings: Sequence[UUID]) -> None:
        super().__init__(HAS_SEATS.detail, errors=[HAS_SEATS.at("")], members={"trainings": list(trainings)})
