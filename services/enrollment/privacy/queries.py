"""Judges what a request about somebody's data says of itself, on its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from services.enrollment.errors import DATE_IN_FUTURE, refused
from services.enrollment.people.errors import PURPOSE_MISSING, UNKNOWN_PARTICIPANT
from services.enrollment.people.model import Participant
from services.enrollment.privacy.errors import DATE_IN_PAST
from shared.kernel import clock
from shared.reference.zones import WIB


def known_participant(participant_id: UUID) -> Participant:
    participant = Participant.find(participant_id)
    if participant is None:
        raise refused("/participant_id", UNKNOWN_PARTICIPANT)
    return participant


def require_received(received_at: datetime | None) -> None:
    """Refuse a moment that is to come."""
    if received_at is not None and received_at > clock.now():
        raise refused("/received_at", DATE_IN_FUTURE)


def require_purposes(kind: str, purposes: Sequence[str] | None) -> None:
    """Refuse a withdrawal of nothing."""
    if kind == "withdrawal" and not purposes:
        raise refused("/purposes", PURPOSE_MISSING)


def require_to_come(until: date) -> None:
    """Refuse a last day that is over."""
    if until < clock.today(WIB):
        raise refused("/until", DATE_IN_PAST)
