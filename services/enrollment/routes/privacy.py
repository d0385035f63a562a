"""A person's rights over HTTP: requests with their deadlines, holds, erasure."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.enrollment import commands
from services.enrollment.participant import Participant
from services.enrollment.privacy_commands import erasure_of
from services.enrollment.privacy_request import PrivacyRequest
from services.enrollment.schemas import (
    ErasureView,
    HoldParticipant,
    ParticipantView,
    PrivacyRequestView,
    RecordPrivacyRequest,
    RefusePrivacyRequest,
)
from shared.errors import NotFound
from shared.web.listing import ListQuery
from shared.web.routes import Routes

privacy = Routes("privacy", description="Requests about personal data, and erasure in every service")
READERS = ("programme", "provider", "auditor")
STAFF = ("programme", "provider")
PERSON = "/v1/participants/<uuid:participant_id>"
REQUEST = "/v1/privacy-requests/<uuid:request_id>"


@privacy.post(
    "/v1/privacy-requests", permits=STAFF, body=RecordPrivacyRequest, returns=PrivacyRequestView, created=True,
    location="/v1/privacy-requests/{id}", personal=True,
)  # fmt: skip
def record_privacy_request(body: dict[str, Any]) -> PrivacyRequest:
    return commands.record_privacy_request(**body)


@privacy.list(
    "/v1/privacy-requests", permits=READERS, returns=PrivacyRequestView,
    filters=("state", "kind", "overdue", "participant_id"), sort=("due_at", "created_at"), personal=True,
)  # fmt: skip
def list_privacy_requests(query: ListQuery) -> Any:
    """The work list: what is due first stands first."""
    del query
    return PrivacyRequest.objects


@privacy.get(REQUEST, permits=READERS, returns=PrivacyRequestView, personal=True)
def show_privacy_request(request_id: UUID) -> PrivacyRequest:
    return PrivacyRequest.get(request_id)


@privacy.post(f"{REQUEST}/refusal", permits=STAFF, body=RefusePrivacyRequest, returns=PrivacyRequestView, personal=True)
def refuse_privacy_request(request_id: UUID, body: dict[str, Any]) -> PrivacyRequest:
    return commands.refuse_privacy_request(request_id, **body)


@privacy.post(f"{REQUEST}/answer", permits=STAFF, returns=PrivacyRequestView, personal=True)
def answer_access_request(request_id: UUID) -> PrivacyRequest:
    return commands.answer_access_request(request_id)


@privacy.post(f"{PERSON}/hold", permits=("programme",), body=HoldParticipant, returns=ParticipantView, personal=True)
def hold_participant(participant_id: UUID, body: dict[str, Any]) -> Participant:
    return commands.hold_participant(participant_id, **body)


@privacy.post(f"{PERSON}/hold/release", permits=("programme",), returns=ParticipantView, personal=True)
def release_participant(participant_id: UUID) -> Participant:
    return commands.release_participant(participant_id)


@privacy.post(f"{PERSON}/erasure", permits=STAFF, returns=ParticipantView, personal=True)
def erase_participant(participant_id: UUID) -> Participant:
    return commands.erase_participant(participant_id)


@privacy.get(f"{PERSON}/erasure", permits=READERS, returns=ErasureView, personal=True)
def show_erasure(participant_id: UUID) -> dict[str, object]:
    """Which services have forgotten the person, and which have not yet."""
    participant = Participant.get(participant_id)
    if participant.erased_at is None:
        raise NotFound("Erasure", participant_id)
    return erasure_of(participant)
