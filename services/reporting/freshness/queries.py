"""Finds out whether everything that was sent has been counted, and how far figures are behind."""

from __future__ import annotations

from datetime import datetime

from services.reporting.freshness.model import Standing
from services.reporting.projections.model import GROUP
from shared.kernel import clock, ids
from shared.messaging.inbox.backlog import is_caught_up
from shared.messaging.projections.generations import current_name


def caught_up() -> bool:
    """Return whether the group of the generation that is read has, in this process, taken every record and parked none."""
    return is_caught_up(current_name(GROUP))


def standing() -> Standing:
    """Return the row of the group that keeps the figures' rows, a new one before it was first found up to date."""
    row_id = ids.derived("standing", GROUP)
    return Standing.find(row_id) or Standing(id=row_id)


def lag_seconds(caught_up_at: datetime | None, tolerated: float) -> int | None:
    if caught_up_at is None:
        return None
    behind = (clock.now() - caught_up_at).total_seconds()
    return 0 if behind <= tolerated else int(behind)
