"""Reads whose calendar an address opens, and what is in it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.notifications.calendars.model import CalendarAddress
from services.notifications.links.commands import link_made_at
from services.notifications.occasions.calendar import feed
from services.notifications.occasions.queries import known_occasions
from services.notifications.preferences.queries import as_chosen
from services.notifications.settings import notification_settings
from shared.access.suspensions import SuspensionList
from shared.i18n.language import speaking
from shared.i18n.languages import DEFAULT
from shared.kernel import clock
from shared.kernel.context import acting_as, unscoped
from shared.kernel.principal import Principal
from shared.messaging import parties
from shared.reference.zones import WIB

PURPOSE = "calendar"


def holder_id_of(principal: Principal) -> UUID | None:
    """Return whose calendar somebody has: their own as a trainer, their institution's as its staff."""
    return principal.trainer if principal.role == "trainer" else principal.institution


def kept_address(holder_id: UUID) -> CalendarAddress | None:
    with unscoped("a calendar's address is shown to its holder, or opened by whoever has it"):
        return CalendarAddress.find(holder_id)


def address_of(kept: CalendarAddress) -> str:
    days = notification_settings().calendar_days
    return link_made_at(kept.made_at, PURPOSE, kept.id, kept.key, days=days)


def opened(holder_id: UUID, key: UUID) -> CalendarAddress | None:
    """Return whose calendar a link opens; None after a newer one was made, and while its holder is suspended."""
    kept = kept_address(holder_id)
    if kept is None or kept.key != key or SuspensionList().bars(kept.holder):
        return None
    return kept


def text_of(kept: CalendarAddress) -> str:
    """Return a calendar as its programs read it, in its holder's language."""
    contact = as_chosen(parties.find(kept.id), kept.id)
    since = clock.today(WIB) - timedelta(days=notification_settings().calendar_past_days)
    name = f"SCORE: {contact['name']}" if contact else "SCORE"
    with acting_as(kept.holder), speaking(contact["language"] if contact else DEFAULT):
        return feed(known_occasions(since), name=name)
