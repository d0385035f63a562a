"""Writes occasions as calendar programs read them (RFC 5545): trainings and visits, in letters and in feeds.

An occasion is one entry with one UID, its own id, however many days it has: an invitation can carry no second one (RFC 5546),
and programs that are told of other days replace the whole entry. So a day that is dropped goes from every calendar. The days
are a daily rule with the days between taken out, which every program understands; not every one takes single further days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from math import gcd
from typing import Final, Literal, TypeAlias
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import STATUS, TRANSP

Method: TypeAlias = Literal["REQUEST", "CANCEL"]

PRODUCER: Final = "-//SCORE//SCORE Training//ID"
CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
UNSEEN: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and where people meet. A `sequence` rises with every change; without `hours` it takes the whole of its days."""

    id: UUID
    sequence: int
    days: tuple[date, ...]
    zone: str
    hours: tuple[time, time] | None
    summary: str
    location: str = ""
    description: str = ""
    cancelled: bool = False


def hours_of(start_time: str | None, end_time: str | None) -> tuple[time, time] | None:
    """Return from when until when; None for hours of which one is not known, or that end when they begin."""
    if not start_time or not end_time or start_time >= end_time:
        return None
    return time.fromisoformat(start_time), time.fromisoformat(end_time)


def invitation(occasion: Occasion, method: Method, *, now: datetime, organizer: tuple[str, str], attendee: str) -> str:
    """Return the part of a letter by which a calendar program takes an occasion, moves it or takes it out (RFC 5546)."""
    entry = _entry(occasion, now)
    name, address = organizer
    asking, invited = _person(address), _person(attendee)
    asking.params["CN"] = _line(name).replace('"', "'")
    entry.add("organizer", asking)
    invited.params["PARTSTAT"], invited.params["RSVP"] = "NEEDS-ACTION", "FALSE"
    entry.add("attendee", invited)
    return _written(Calendar.new(prodid=PRODUCER, method=method, subcomponents=[entry]), occasion.days)


def feed(occasions: Sequence[tuple[Occasion, datetime]], *, name: str) -> str:
    """Return a calendar of occasions, each with the moment at which that was said of it. The same ones make the same text."""
    entries = [_entry(occasion, said_at) for occasion, said_at in occasions]
    days = [day for occasion, _ in occasions for day in occasion.days]
    return _written(Calendar.new(prodid=PRODUCER, name=_line(name), subcomponents=entries), days)


def _entry(occasion: Occasion, said_at: datetime) -> Event:
    first, *more = sorted(set(occasion.days))
    begin, end = _span(first, occasion)
    entry = Event.new(
        uid=str(occasion.id),
        sequence=occasion.sequence,
        stamp=said_at,
        start=begin,
        end=end,
        summary=_line(occasion.summary),
        location=_line(occasion.location) or None,
        description=_text(occasion.description) or None,
        status=STATUS.CANCELLED if occasion.cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.OPAQUE,
    )
    if more:
        interval = reduce(gcd, ((day - first).days for day in more))
        number = (more[-1] - first).days // interval + 1
        entry.add("rrule", {"freq": "daily", "interval": interval, "count": number})
        held = {first, *more}
        between = (first + ONE_DAY * interval * step for step in range(number))
        left_out = [_span(day, occasion)[0] for day in between if day not in held]
        if left_out:
            entry.add("exdate", left_out)
    return entry


def _span(day: date, occasion: Occasion) -> tuple[date, date]:
    """Return when a day of it begins and ends: by the clock on the wall of its place, or as a whole day."""
    if occasion.hours is None:
        return day, day + ONE_DAY
    zone = ZoneInfo(occasion.zone)
    return datetime.combine(day, occasion.hours[0], zone), datetime.combine(day, occasion.hours[1], zone)


def _written(calendar: Calendar, days: Iterable[date]) -> str:
    del calendar["UID"]  # the library makes one up, another each time
    known = sorted(days)
    if known:
        calendar.add_missing_timezones(first_date=known[0] - ONE_DAY, last_date=known[-1] + ONE_DAY)
    return str(calendar.to_ical().decode())


def _person(email: str) -> vCalAddress:
    return vCalAddress(f"mailto:{quote(email, safe='@+')}")


def _text(value: str) -> str:
    """Return a text without what a reader does not see, but what a reader's program obeys."""
    return UNSEEN.sub("", CONTROL.sub(" ", value.replace("\r\n", "\n"))).strip()


def _line(value: str) -> str:
    return " ".join(_text(value).split())
