"""The participants whom an enterprise sends to a classroom, as the classroom counts them.

Whoever is named is recorded for the training and its attendance lists, which needs this person's consent to that purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypedDict
from uuid import UUID

from services.enrollment.errors import refused
from services.enrollment.people.errors import UNKNOWN_PARTICIPANT
from services.enrollment.people.model import Participant
from services.enrollment.people.queries import participants_by_id
from services.enrollment.rosters.errors import PARTICIPANT_TWICE, SEATS_OR_PARTICIPANTS
from services.enrollment.rosters.model import GivenSeats, SeatedPerson, Seats, seats_for, seats_of
from shared.domain.errors import Conflict
from shared.kernel.errors import Fault
from shared.kernel.message import Message

PURPOSE: Final = "training"
NO_CONSENT: Final = Message(
    "This person does not, or no longer, consent to being recorded for training. Record the consent first."
)


class Unconsenting(TypedDict):
    participants: list[UUID]


class ConsentMissing(Conflict):
    """`participants` are those who never consented to training, withdrew that, restricted the use of their data, or were
    erased."""

    type_name = "consent-missing"
    declared_members = Unconsenting

    def __init__(self, without: Mapping[int, UUID]) -> None:
        faults = [Fault("consent-missing", NO_CONSENT, pointer=f"/participant_ids/{number}") for number in without]
        super().__init__(errors=faults, members={"participants": list(without.values())})


def seated_persons(
    enterprise_id: UUID, participant_ids: Sequence[UUID], people: Mapping[UUID, Participant]
) -> list[SeatedPerson]:
    """Return the participants who shall sit there, out of the people whom the caller may see.

    Refuses whoever is not a participant of the enterprise, is named twice, or does not consent."""
    persons, without = [], {}
    for number, participant_id in enumerate(participant_ids):
        person = people.get(participant_id)
        if person is None or person.enterprise_id != enterprise_id:
            raise refused(f"/participant_ids/{number}", UNKNOWN_PARTICIPANT)
        if participant_id in participant_ids[:number]:
            raise refused(f"/participant_ids/{number}", PARTICIPANT_TWICE)
        if PURPOSE not in person.purposes:
            without[number] = participant_id
        persons.append(SeatedPerson(participant_id=person.id, sex=person.sex, role=person.role))
    if without:
        raise ConsentMissing(without)
    return persons


def claimed_seats(
    enterprise_id: UUID, seats: GivenSeats | None, participant_ids: Sequence[UUID] | None
) -> tuple[Seats, list[SeatedPerson]]:
    """Return the seats that are asked for, as numbers or as the participants who shall sit in them."""
    if (seats is None) == (not participant_ids):
        raise refused("/seats", SEATS_OR_PARTICIPANTS)
    if seats is not None:
        return seats_of(seats), []
    ids = participant_ids or []
    persons = seated_persons(enterprise_id, ids, participants_by_id(ids))
    return seats_for(persons), persons
