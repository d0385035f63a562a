"""Says until when a certificate is valid, and its holder's name is kept."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from services.certification.certificates.model import Certificate


def last_day(valid_from: date, months: int) -> date:
    """Return the last day of so many months: from 15 March to 14 March, from 29 February to 28 February."""
    year, month = divmod(valid_from.year * 12 + valid_from.month - 1 + months, 12)
    days = monthrange(year, month + 1)[1]
    if valid_from.day > days:
        return date(year, month + 1, days)
    return date(year, month + 1, valid_from.day) - timedelta(days=1)


def kept_for(papers: Iterable[Certificate], *, days: int) -> date | None:
    """Return until when the holder's name is kept: so many days after the last certificate counted. None without any."""
    ends = [paper.ended_on for paper in papers]
    return max(ends) + timedelta(days=days) if ends else None
