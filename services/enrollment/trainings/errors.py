"""Says what is refused about trainings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypedDict
from uuid import UUID

from shared.domain.errors import Conflict
from shared.kernel.errors import Fault
from shared.kernel.message import Message, pgettext_noop

SEATS_OR_PARTICIPANTS: Final = Fault(
    "seats-or-participants", Message("Give either the number of seats or the participants.")
)
ENTERPRISE_TWICE: Final = Fault("enterprise-twice", Message("The same enterprise is given twice."))
DAY_TWICE: Final = Fault("day-twice", Message("The same day is given twice."))
ENDS_BEFORE_START: Final = Fault(
    "ends-before-start", Message("The time at which it ends comes after the one at which it starts; give both.")
)
SUPERVISOR_NOT_NEEDED: Final = Fault(
    "supervisor-not-needed", Message("A supervisor is given for a supervised training only.")
)
SUPERVISOR_MISSING: Final = Fault(
    "supervisor-missing", Message("A supervised training needs an expert as its supervisor.")
)
SUPERVISES_OWN: Final = Fault("supervises-own", Message("The lead trainer cannot be the supervisor too."))
FEWER_THAN_TAKEN: Final = Fault("fewer-than-taken", Message("More seats than that are taken already."))
MORE_THAN_ROOM: Final = Fault("more-than-room", Message("The room does not have so many seats."))
MORE_THAN_HELD: Final = Fault("more-than-held", Message("This enterprise does not hold so many seats."))
NOT_A_TRAINING_DAY: Final = Fault("not-a-training-day", Message("The training does not take place on this day."))
DAY_TO_COME: Final = Fault("day-to-come", Message(pgettext_noop("today", "This day is still to come.")))
PARTICIPANT_NOT_SEATED: Final = Fault("participant-not-seated", Message("This participant has no seat."))
SEATED_ALREADY: Final = Message("This enterprise already has its seats.")
LAST_DAY_TO_COME: Final = Message("The last day of the training is still to come.")
HAS_SEATS: Final = Fault(
    "has-seats", Message("This enterprise still has a place in a planned training. Withdraw it first.")
)


class Planned(TypedDict):
    trainings: list[UUID]


class HasSeats(Conflict):
    """The enterprise has a place in trainings that others count on; `trainings` names them."""

    type_name = "has-seats"
    declared_members = Planned

    def __init__(self, trainings: Sequence[UUID]) -> None:
        super().__init__(HAS_SEATS.detail, errors=[HAS_SEATS.at("")], members={"trainings": list(trainings)})
