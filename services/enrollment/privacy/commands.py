"""Keeps people's requests with their deadlines, holds data for the law, and erases people in every service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from services.enrollment.errors import conflicting
from services.enrollment.imports.commands import forget_rows
from services.enrollment.people.commands import complete_requests
from services.enrollment.people.consent import PURPOSES
from services.enrollment.people.errors import PERSON_ERASED
from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.people.queries import open_requests
from services.enrollment.privacy.errors import NOT_AN_ACCESS_REQUEST
from services.enrollment.privacy.queries import (
    known_participant,
    require_purposes,
    require_received,
    require_to_come,
)
from services.enrollment.settings import enrollment_settings
from shared.domain.refusals import Refusals
from shared.erasure.progress import begin_erasure
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.messaging.outbox.compacted import publish_party
from shared.observability import logs
from shared.reference.zones import WIB
from shared.storage.transaction import transactional
from shared.web import idempotency

log = logs.get(__name__)


@transactional
def record_privacy_request(
    *,
    participant_id: UUID,
    kind: str,
    channel: str = "other",
    purposes: Sequence[str] = (),
    received_at: datetime | None = None,
) -> PrivacyRequest:
    """Record what a person asked about their data; the deadline runs from when it was received."""
    faults, now = Refusals(), clock.now()
    with faults.gather():
        participant = known_participant(participant_id)
    with faults.gather():
        require_received(received_at)
    with faults.gather():
        require_purposes(kind, purposes)
    faults.end()
    if participant.state == "erased":
        raise conflicting(PERSON_ERASED)
    request = PrivacyRequest(
        participant_id=participant_id,
        enterprise_id=participant.enterprise_id,
        provider_id=participant.provider_id,
        kind=kind,
        channel=channel,
        purposes=[purpose for purpose in PURPOSES if purpose in purposes],
        received_at=received_at or now,
        due_at=_due_at(received_at or now, kind),
    )
    request.overdue = request.is_late(now)
    return request.save()


@transactional
def refuse_privacy_request(request_id: UUID, *, reason: str) -> PrivacyRequest:
    """Refuse a request, for a reason that the law knows."""
    request = PrivacyRequest.get(request_id)
    request.refuse(reason, by=current_principal().id, at=clock.now())
    return request.save()


@transactional
def answer_access_request(request_id: UUID) -> PrivacyRequest:
    """Note that the person has been given their record."""
    request = PrivacyRequest.get(request_id)
    if request.kind != "access":
        raise conflicting(NOT_AN_ACCESS_REQUEST)
    request.complete(by=current_principal().id, at=clock.now())
    return request.save()


@transactional
def hold_participant(participant_id: UUID, *, reason: str, until: date) -> Participant:
    """Hold a person's data until a day, since the law wants it: erasure waits."""
    require_to_come(until)
    participant = Participant.get(participant_id)
    participant.hold(reason, until)
    return participant.save()


@transactional
def release_participant(participant_id: UUID) -> Participant:
    """Release a person's data, which the law no longer wants kept."""
    participant = Participant.get(participant_id)
    participant.release()
    return participant.save()


@transactional
def erase_participant(participant_id: UUID) -> Participant:
    """Forget a person here, and tell every service that holds a copy to do the same. Counts stay."""
    participant = Participant.get(participant_id)
    deadlines = [request.due_at for request in open_requests(participant_id, "erasure")]
    participant.erase(clock.today(WIB), by=current_principal().id, at=clock.now())
    participant.save()
    due_at = min(deadlines, default=_due_at(clock.now(), "erasure"))
    begin_erasure(participant_id, due_at=due_at, institution_id=participant.provider_id)
    publish_party(participant.forgotten())
    complete_requests(participant_id, "erasure", "restriction", "withdrawal", "correction", "access")
    forget_rows(participant_id)
    idempotency.forget(participant_id)
    return participant


@transactional
def mark_overdue_requests() -> int:
    """Mark requests whose deadline has passed, for the work list; return how many there are now."""
    late = list(PrivacyRequest.objects(state="open", due_at__lt=clock.now()))
    for request in late:
        if not request.overdue:
            request.overdue = True
            request.save()
    if late:
        log.warning("privacy requests are overdue", count=len(late))
    return len(late)


def _due_at(received_at: datetime, kind: str) -> datetime:
    return received_at + timedelta(hours=enrollment_settings().hours_to_answer(kind))
