"""Makes the private address of a calendar, and another one that ends it."""

from __future__ import annotations

import uuid
from uuid import UUID

from services.notifications.calendars.model import CalendarAddress
from services.notifications.calendars.queries import kept_address
from shared.kernel import clock
from shared.storage.transaction import transactional


@transactional
def make_calendar_address(holder_id: UUID, *, role: str) -> CalendarAddress:
    """Make an address of somebody's calendar; the one before opens nothing from now on."""
    kept = kept_address(holder_id) or CalendarAddress(id=holder_id, role=role)
    kept.renew(uuid.uuid4(), clock.now())
    return kept.save()


@transactional
def forget_calendar(holder_id: UUID) -> None:
    """Drop the address of somebody who was erased."""
    kept = kept_address(holder_id)
    if kept is not None:
        kept.delete()
