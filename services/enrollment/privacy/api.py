"""Requests about personal data over HTTP, with their deadlines. In the access log each stands under its person."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.privacy import commands
from services.enrollment.privacy.schemas import PrivacyRequestView, RecordPrivacyRequest, RefusePrivacyRequest
from services.enrollment.roles import RECORD_READERS, STAFF
from shared.access import access_log
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

privacy = Routes("privacy", description="Requests about personal data and their deadlines")
REQUEST = "/v1/privacy-requests/<uuid:request_id>"


@privacy.post(
    "/v1/privacy-requests", permits=STAFF, body=RecordPrivacyRequest, returns=PrivacyRequestView, created=True,
    location="/v1/privacy-requests/{id}", personal=True,
)  # fmt: skip
def record_privacy_request(body: Body) -> PrivacyRequest:
    return _logged_under_person(commands.record_privacy_request(**body))


@privacy.list(
    "/v1/privacy-requests", permits=RECORD_READERS, returns=PrivacyRequestView,
    filters=("state", "kind", "overdue", "participant_id"), sort=("due_at", "created_at"), personal=True,
)  # fmt: skip
def list_privacy_requests(query: ListQuery) -> ScopedQuerySet:
    """Return the work list: what is due first stands first."""
    del query
    return PrivacyRequest.objects


@privacy.get(REQUEST, permits=RECORD_READERS, returns=PrivacyRequestView, personal=True)
def show_privacy_request(request_id: UUID) -> PrivacyRequest:
    return _logged_under_person(PrivacyRequest.get(request_id))


@privacy.post(f"{REQUEST}/refusal", permits=STAFF, body=RefusePrivacyRequest, returns=PrivacyRequestView, personal=True)
def refuse_privacy_request(request_id: UUID, body: Body) -> PrivacyRequest:
    return _logged_under_person(commands.refuse_privacy_request(request_id, **body))


@privacy.post(f"{REQUEST}/answer", permits=STAFF, returns=PrivacyRequestView, personal=True)
def answer_access_request(request_id: UUID) -> PrivacyRequest:
    return _logged_under_person(commands.answer_access_request(request_id))


def _logged_under_person(privacy_request: PrivacyRequest) -> PrivacyRequest:
    access_log.concerns(privacy_request.participant_id)
    return privacy_request
