"""Who was in a classroom on each day, by participant, and what that makes of a roster."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import mongoengine as me

from services.enrollment.roster import Roster, Seats, seats_for


class DayPresence(me.EmbeddedDocument):  # type: ignore[misc]
    """One day's list. A later list of the same day takes its place."""

    day = me.DateField(required=True)
    participant_ids = me.ListField(me.UUIDField(binary=True))


def present_throughout(roster: Roster, presence: Sequence[DayPresence], days: Collection[date]) -> list[UUID] | None:
    """The roster's participants who were there on every day; None where a day has no list, or nobody is known by id."""
    lists = {one.day: set(one.participant_ids) for one in presence}
    if not roster.persons or not set(days) <= lists.keys():
        return None
    return [
        person.participant_id for person in roster.persons if all(person.participant_id in lists[day] for day in days)
    ]


def counted_throughout(roster: Roster, present: Collection[UUID]) -> Seats:
    return seats_for(person for person in roster.persons if person.participant_id in present)
