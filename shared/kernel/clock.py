"""The only source of time. Aware UTC, to the millisecond that the store keeps.

`SCORE_CLOCK_OFFSET` (seconds, refused in production) shifts every reading, so that tests can move one process in time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.kernel.settings.current import settings

BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)  # before anything that is stored, for queries within a range


def now() -> datetime:
    moment = datetime.now(UTC) + timedelta(seconds=settings().clock_offset)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def today(zone: str) -> date:
    return now().astimezone(ZoneInfo(zone)).date()
