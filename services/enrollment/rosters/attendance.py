"""The daily lists of a classroom by participant, and the attendance of a roster that follows from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

import mongoengine as me

from services.enrollment.errors import refused
from services.enrollment.rosters.errors import (
    ATTENDANCE_DIFFERS,
    DAY_LIST_MISSING,
    ENTERPRISE_MISSING,
    ENTERPRISE_NOT_SEATED,
    MORE_THAN_SEATED,
)
from services.enrollment.rosters.model import Roster, Seats, seats_for


class DayPresence(me.EmbeddedDocument):  # type: ignore[misc]
    """One day's list. A later list of the same day takes its place."""

    day = me.DateField(required=True)
    participant_ids = me.ListField(me.UUIDField(binary=True))


def entered(presence: Sequence[DayPresence], day: date, participant_ids: Collection[UUID]) -> list[DayPresence]:
    """Return the lists with that of a day, in the order of their days."""
    others = [of_day for of_day in presence if of_day.day != day]
    return sorted(
        [*others, DayPresence(day=day, participant_ids=sorted(set(participant_ids)))], key=lambda one: one.day
    )


def days_without_list(rosters: Iterable[Roster], presence: Sequence[DayPresence], days: Iterable[date]) -> list[date]:
    """Return the days whose list is missing beside others; none where no list was kept, or nobody is known by name."""
    listed = {of_day.day for of_day in presence}
    if not listed or not any(roster.persons for roster in rosters):
        return []
    return [day for day in days if day not in listed]


def present_throughout(roster: Roster, presence: Sequence[DayPresence], days: Collection[date]) -> list[UUID] | None:
    """Return the roster's participants who were there on every day; None where a day has no list, or nobody is known by id."""
    lists = {of_day.day: set(of_day.participant_ids) for of_day in presence}
    if not roster.persons or not set(days) <= lists.keys():
        return None
    return [
        person.participant_id for person in roster.persons if all(person.participant_id in lists[day] for day in days)
    ]


def counted_throughout(roster: Roster, present: Collection[UUID]) -> Seats:
    return seats_for(person for person in roster.persons if person.participant_id in present)


def count_attendance(
    rosters: Sequence[Roster],
    presence: Sequence[DayPresence],
    days: Collection[date],
    attended: Mapping[UUID, Seats],
    without_list: Collection[date] = (),
) -> None:
    """Note on each roster who was there on every day.

    `attended` holds those present of each enterprise whose daily lists do not say it already. On the days `without_list`
    whoever the other lists name counts as there. Refuses another day without its list, an enterprise without numbers,
    numbers that differ from its lists, more persons than seats, and an enterprise without seats.
    """
    missing = days_without_list(rosters, presence, days)
    if not set(missing) <= set(without_list):
        raise refused("/days_without_list", DAY_LIST_MISSING)
    days = [day for day in days if day not in missing]
    for roster in rosters:
        present = present_throughout(roster, presence, days)
        roster.present_ids = present or []
        listed = None if present is None else counted_throughout(roster, present)
        roster.attended = attended.get(roster.enterprise_id) or listed
        if roster.attended is None:
            raise refused("/attendance", ENTERPRISE_MISSING)
        if listed is not None and roster.attended.counted() != listed.counted():
            raise refused("/attendance", ATTENDANCE_DIFFERS)
    seated = {roster.enterprise_id: roster.size for roster in rosters}
    for number, (enterprise_id, seats) in enumerate(attended.items()):
        if enterprise_id not in seated:
            raise refused("/attendance", ENTERPRISE_NOT_SEATED)
        if seats.counted().total > seated[enterprise_id]:
            raise refused(f"/attendance/{number}", MORE_THAN_SEATED)


def was_there(participant_id: UUID, rosters: Iterable[Roster]) -> bool:
    """Return whether a participant was there on every day, of an enterprise for which the classroom counts."""
    return any(participant_id in roster.present_ids for roster in rosters if roster.came)
