"""Reads what an occasion is called and where it is, in the reader's language; makes the invitation that a letter carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from services.notifications.occasions.calendar import Method, Occasion, hours_of, invitation
from services.notifications.occasions.model import GROUP, KnownOccasion
from services.notifications.settings import notification_settings
from shared.i18n.language import gettext, speaking
from shared.i18n.module_titles import module_title
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.messaging import parties
from shared.messaging.projections.generations import read_consistent
from shared.messaging.references import venue_of
from shared.reference.zones import WIB


@dataclass(frozen=True, slots=True)
class Invitation:
    """The text of the part, and what a calendar program does with it."""

    method: Method
    text: str


def invitation_of(
    about: Mapping[str, Any], method: Method | None, institution_id: UUID | None, language: str, email: str
) -> Invitation | None:
    """Return the invitation to the occasion that a letter tells of; None where it tells of none, or not enough.

    The events of an occasion are numbered, and programs follow the highest number that they were told: so a place that was
    given back and taken again is in the calendar again. A letter that waits since an earlier release says no number.
    """
    occasion_id = about.get("training_id") or about.get("visit_id")
    if method is None or not occasion_id or "sequence" not in about:
        return None
    days = about.get("days") or [about["planned_on"]]
    cancelled = method == "CANCEL"
    with speaking(language):
        occasion = Occasion(
            id=UUID(str(occasion_id)),
            sequence=about["sequence"],
            days=tuple(date.fromisoformat(day) for day in days),
            zone=about.get("zone") or WIB,
            hours=hours_of(about.get("start_time"), about.get("end_time")),
            summary=summary_of(about.get("module"), institution_id, visit_number=about.get("number")),
            location=where_is(UUID(str(about["training_id"]))) if "training_id" in about else "",
            description=description_of(cancelled=cancelled),
            cancelled=cancelled,
        )
    text = invitation(
        occasion, method, now=clock.now(), organizer=parseaddr(notification_settings().sender), attendee=email
    )
    return Invitation(method, text)


def known_occasions(since: date) -> list[tuple[Occasion, datetime]]:
    """Return the caller's trainings, and a trainer's visits, that end on this day or later, each with when that was said."""

    def look(generation: int) -> list[KnownOccasion]:
        return list(KnownOccasion.objects(generation=generation, last_day__gte=since))

    rows = read_consistent(GROUP, look)
    own = [row for row in rows if row.visit_number is None or current_principal().trainer is not None]
    return [(_shown(row), row.said_at) for row in sorted(own, key=lambda row: (row.days[0], row.occasion_id))]


def _shown(row: KnownOccasion) -> Occasion:
    return Occasion(
        id=row.occasion_id,
        sequence=row.sequence,
        days=tuple(row.days),
        zone=row.zone,
        hours=hours_of(row.start_time, row.end_time),
        summary=summary_of(row.module, row.provider_id, visit_number=row.visit_number),
        location=where_is(row.occasion_id) if row.visit_number is None else "",
        description=description_of(cancelled=row.cancelled),
        cancelled=row.cancelled,
    )


def summary_of(module: str | None, institution_id: UUID | None, *, visit_number: int | None = None) -> str:
    """Return the module and who gives it; a visit with its number."""
    title = module_title(module) if module else "SCORE"
    if visit_number is not None:
        title = gettext("Visit %(number)s: %(module)s", number=visit_number, module=title)
    provider = parties.find_all([institution_id]).get(institution_id) if institution_id else None
    return f"{title} ({provider['name']})" if provider else title


def where_is(training_id: UUID) -> str:
    """Return the place of a classroom with its address, as far as they are known."""
    venue = venue_of(training_id)
    return ", ".join(filter(None, [venue["name"], venue["address"]])) if venue else ""


def description_of(*, cancelled: bool) -> str:
    if cancelled:
        return gettext("This appointment of the SCORE programme is cancelled.")
    return gettext(
        "An appointment of the SCORE programme. Changes come by letter; your training provider answers questions."
    )
