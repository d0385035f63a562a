"""What a calendar says, as two programs that know nothing of each other read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import vobject
from dateutil.rrule import rrulestr
from icalendar import Calendar


@dataclass(frozen=True)
class Read:
    """One entry: what it is called and where, and when each of its days begins and ends."""

    uid: str
    sequence: int
    status: str
    summary: str
    location: str
    begins: tuple[date, ...]
    lasts: timedelta


def read_by_both(text: str) -> tuple[str | None, list[Read]]:
    """Return the method and the entries, in which two parsers have to agree."""
    one, other = _read_by_icalendar(text), _read_by_vobject(text)
    assert one == other
    return one


def _read_by_icalendar(text: str) -> tuple[str | None, list[Read]]:
    calendar = Calendar.from_ical(text)
    entries = []
    for entry in calendar.walk("VEVENT"):
        assert not entry.errors
        begin, end = entry.decoded("dtstart"), entry.decoded("dtend")
        left_out = set()
        if "EXDATE" in entry:
            listed = entry["EXDATE"] if isinstance(entry["EXDATE"], list) else [entry["EXDATE"]]
            left_out = {when.dt for dates in listed for when in dates.dts}
        begins = [begin]
        if "RRULE" in entry:
            rule = entry["RRULE"].to_ical().decode()
            start = begin if isinstance(begin, datetime) else datetime.combine(begin, datetime.min.time())
            begins = [when if isinstance(begin, datetime) else when.date() for when in rrulestr(rule, dtstart=start)]
        kept = tuple(_plain(when) for when in begins if when not in left_out)
        entries.append(
            Read(
                str(entry["UID"]), int(entry["SEQUENCE"]), str(entry["STATUS"]), str(entry["SUMMARY"]),
                str(entry.get("LOCATION", "")), kept, end - begin,
            )
        )  # fmt: skip
    return (str(calendar["METHOD"]) if "METHOD" in calendar else None), entries


def _read_by_vobject(text: str) -> tuple[str | None, list[Read]]:
    calendar = vobject.readOne(text)
    entries = []
    for entry in calendar.contents.get("vevent", []):
        begin = entry.dtstart.value
        days = list(entry.getrruleset(addRDate=True)) if "rrule" in entry.contents else [begin]
        kept = tuple(_plain(day if isinstance(begin, datetime) else _date(day)) for day in days)
        entries.append(
            Read(
                entry.uid.value, int(entry.sequence.value), entry.status.value, entry.summary.value,
                entry.location.value if "location" in entry.contents else "", kept, entry.dtend.value - begin,
            )
        )  # fmt: skip
    method = calendar.contents.get("method")
    return (method[0].value if method else None), entries


def _date(when: Any) -> date:
    return when.date() if isinstance(when, datetime) else when


def _plain(when: date) -> date:
    """Two libraries make different objects of one zone: the moment is what counts."""
    return when.astimezone(None) if isinstance(when, datetime) else when
