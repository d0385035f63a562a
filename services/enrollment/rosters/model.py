"""One enterprise's seats in a classroom: who may sit, what is unusual about it, and who of the waiting comes next.

A roster needs a manager and a worker. That it is not two of each, or has no woman, is said and never refused
(domain.md 1.4). The waiting list is strict: rosters are looked at in the order of their claims, and each that fits
whole gets its seats, so that no waiting roster would fit into the seats that are free.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict
from uuid import UUID

import mongoengine as me

from services.enrollment.enterprises.parts import GivenPersons, Persons
from services.enrollment.errors import refused
from services.enrollment.rosters.errors import ROLE_MISSING
from services.enrollment.rosters.warnings import Warned
from shared.contracts.values import Attendance, DeliveredEnterprise, InvitedEnterprise

USUAL: Final = 2  # managers, and workers, of one enterprise (domain.md 1.2)


class GivenSeats(TypedDict):
    """Persons by role and sex, as a caller gives them."""

    managers: GivenPersons
    workers: GivenPersons


class Seats(me.EmbeddedDocument):  # type: ignore[misc]
    """Persons by role and sex."""

    managers = me.EmbeddedDocumentField(Persons, required=True)
    workers = me.EmbeddedDocumentField(Persons, required=True)

    def counted(self) -> Attendance:
        return Attendance(managers=self.managers.counted(), workers=self.workers.counted())


class SeatedPerson(me.EmbeddedDocument):  # type: ignore[misc]
    """A participant as a classroom counts one; the name stays with the participant."""

    participant_id = me.UUIDField(required=True, binary=True)
    sex = me.StringField(required=True)
    role = me.StringField(required=True)


class Roster(me.EmbeddedDocument):  # type: ignore[misc]
    """`persons` is empty where only numbers are known; `attended` and `present_ids` hold those there on every day."""

    enterprise_id = me.UUIDField(required=True, binary=True)
    journey_id = me.UUIDField(required=True, binary=True)
    seats = me.EmbeddedDocumentField(Seats, required=True)
    persons = me.EmbeddedDocumentListField(SeatedPerson)
    attended = me.EmbeddedDocumentField(Seats)
    present_ids = me.ListField(me.UUIDField(binary=True))

    @property
    def size(self) -> int:
        size: int = self.seats.counted().total
        return size

    @property
    def warnings(self) -> list[Warned]:
        return warnings_about(self.seats.counted())

    @property
    def came(self) -> bool:
        """Return whether a manager and a worker were there on every day."""
        counted = self.attended.counted() if self.attended else None
        return counted is not None and bool(counted.managers.total and counted.workers.total)

    @property
    def participant_ids(self) -> list[UUID]:
        return [person.participant_id for person in self.persons]

    def invited(self) -> InvitedEnterprise:
        """Return whom a change of the classroom's plan concerns."""
        return InvitedEnterprise(enterprise_id=self.enterprise_id, participant_ids=tuple(self.participant_ids))

    def delivered(self) -> DeliveredEnterprise:
        """Return the enterprise's part in a classroom that took place."""
        return DeliveredEnterprise(
            enterprise_id=self.enterprise_id,
            journey_id=self.journey_id,
            attendance=self.attended.counted(),
            participant_ids=tuple(self.present_ids),
        )


@dataclass(frozen=True, slots=True)
class Placement:
    """The answer to a claim for seats. `position` is the place in the waiting list, 0 for who is seated."""

    training_id: UUID
    roster: Roster
    position: int
    version: int

    @property
    def state(self) -> str:
        return "waiting" if self.position else "seated"

    @property
    def warnings(self) -> list[Warned]:
        return self.roster.warnings


def seats_for(persons: Iterable[SeatedPerson]) -> Seats:
    """Return these persons as numbers of seats."""
    seats = Seats(managers=Persons(), workers=Persons())
    for person in persons:
        of_role = seats.managers if person.role == "manager" else seats.workers
        if person.sex == "female":
            of_role.women += 1
        else:
            of_role.men += 1
    return seats


def require_both_roles(wanted: Attendance, pointer: str = "/seats") -> None:
    for role, count in (("managers", wanted.managers.total), ("workers", wanted.workers.total)):
        if count == 0:
            raise refused(f"{pointer}/{role}", ROLE_MISSING)


def warnings_about(wanted: Attendance) -> list[Warned]:
    """Return what is unusual about a roster; it gets its seats all the same."""
    warnings = [] if wanted.managers.total == wanted.workers.total == USUAL else [Warned("unusual-mix")]
    if wanted.managers.women + wanted.workers.women == 0:
        warnings.append(Warned("no-woman"))
    return warnings


def next_to_seat(waiting: Sequence[Roster], free: int) -> list[Roster]:
    """Return those of the waiting who get seats now, in the order of their claims."""
    chosen = []
    for roster in waiting:
        if roster.size <= free:
            chosen.append(roster)
            free -= roster.size
    return chosen


def seats_of(given: GivenSeats) -> Seats:
    return Seats(managers=Persons(**given["managers"]), workers=Persons(**given["workers"]))
