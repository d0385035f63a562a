"""Says when somebody is reminded of what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder: its natural key within a training, from when on it is due, and until when it is of use."""

    key: str
    at: datetime
    until: datetime


def begins(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


def ends(days: Iterable[date], zone: str) -> datetime:
    return datetime.combine(max(days), time.max, ZoneInfo(zone))


def training_reminders(first_day: date, zone: str, days_before: Iterable[int]) -> list[Due]:
    """Return the reminders of a training, each of use until the next one, the last until the end of the first day."""
    ahead = sorted({number for number in days_before if number > 0}, reverse=True)
    starts = [begins(first_day - timedelta(days=number), zone) for number in ahead]
    bounds = [*starts, ends([first_day], zone)]
    return [
        Due(f"{first_day.isoformat()}-{number}", at, until)
        for number, (at, until) in zip(ahead, pairwise(bounds), strict=True)
    ]


def evaluation_reminder(delivered_on: date, zone: str, after_days: float, link_days: float) -> Due:
    at = begins(delivered_on, zone) + timedelta(days=after_days)
    return Due(f"evaluation-{delivered_on.isoformat()}", at, evaluation_ends(delivered_on, zone, link_days))


def evaluation_ends(delivered_on: date, zone: str, link_days: float) -> datetime:
    """Return until when it makes sense to ask what a training was like."""
    return ends([delivered_on], zone) + timedelta(days=link_days)
