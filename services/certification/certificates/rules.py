"""Says until when a certificate is valid."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def last_day(valid_from: date, months: int) -> date:
    """Return the last day of so many months: from 15 March to 14 March, from 29 February to 28 February."""
    year, month = divmod(valid_from.year * 12 + valid_from.month - 1 + months, 12)
    days = monthrange(year, month + 1)[1]
    if valid_from.day > days:
        return date(year, month + 1, days)
    return date(year, month + 1, valid_from.day) - timedelta(days=1)
