"""The people of enterprises over HTTP, what they consent to and how they are forgotten.

A search is a POST, so that no name or number stands in an address.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from services.enrollment.people import commands
from services.enrollment.people.consent import texts
from services.enrollment.people.model import Participant
from services.enrollment.people.schemas import (
    ConsentTextView,
    CorrectParticipant,
    FindParticipants,
    FoundParticipants,
    GiveConsent,
    ParticipantView,
    RegisterParticipant,
    WithdrawConsent,
)
from services.enrollment.privacy import commands as privacy_commands
from services.enrollment.privacy.schemas import HoldParticipant, ParticipantRecordView
from services.enrollment.privacy.subject_access import readable, record_of
from services.enrollment.roles import EVERYBODY, PROGRAMME, READERS, RECORD_READERS, STAFF
from shared.erasure.progress import require_progress
from shared.i18n.language import language_of_caller
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.erasures import ErasureView
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

participants = Routes("participants", description="The people of enterprises and what they consent to")
ONE = "/v1/participants/<uuid:participant_id>"


@participants.post(
    "/v1/participants", permits=STAFF, body=RegisterParticipant, returns=ParticipantView, created=True,
    location="/v1/participants/{id}", personal=True,
)  # fmt: skip
def register_participant(body: Body) -> Participant:
    return commands.register_participant(**body)


@participants.list(
    "/v1/participants", permits=READERS, returns=ParticipantView,
    filters=("enterprise_id", "external_id", "sex", "role", "state"), sort=("created_at",), personal=True,
)  # fmt: skip
def list_participants(query: ListQuery) -> ScopedQuerySet:
    del query
    return Participant.objects


@participants.post(
    "/v1/participants/search", permits=STAFF, body=FindParticipants, returns=FoundParticipants, personal=True
)
def find_participants(body: Body) -> dict[str, list[Participant]]:
    return {"items": commands.find_participants(**body)}


@participants.get(ONE, permits=READERS, returns=ParticipantView, personal=True)
def show_participant(participant_id: UUID) -> Participant:
    return Participant.get(participant_id)


@participants.patch(ONE, permits=STAFF, body=CorrectParticipant, returns=ParticipantView, personal=True)
def correct_participant(participant_id: UUID, body: Body) -> Participant:
    return commands.correct_participant(participant_id, **body)


@participants.post(f"{ONE}/consents", permits=STAFF, body=GiveConsent, returns=ParticipantView, personal=True)
def give_consent(participant_id: UUID, body: Body) -> Participant:
    return commands.give_consent(participant_id, **body)


@participants.post(
    f"{ONE}/consents/withdrawal", permits=STAFF, body=WithdrawConsent, returns=ParticipantView, personal=True
)
def withdraw_consent(participant_id: UUID, body: Body) -> Participant:
    return commands.withdraw_consent(participant_id, **body)


@participants.post(f"{ONE}/restriction", permits=STAFF, returns=ParticipantView, personal=True)
def restrict_processing(participant_id: UUID) -> Participant:
    return commands.restrict_processing(participant_id)


@participants.post(f"{ONE}/restriction/lifting", permits=STAFF, returns=ParticipantView, personal=True)
def lift_restriction(participant_id: UUID) -> Participant:
    return commands.lift_restriction(participant_id)


@participants.get(f"{ONE}/record", permits=RECORD_READERS, returns=ParticipantRecordView, personal=True)
def show_participant_record(participant_id: UUID) -> dict[str, Any]:
    """Return all that is kept about a person, to hand over when they ask."""
    return record_of(Participant.get(participant_id))


@participants.get(f"{ONE}/record/text", permits=RECORD_READERS, produces=("text/plain",), personal=True)
def show_readable_record(participant_id: UUID) -> Response:
    """Return all that is kept about a person as text in the caller's language."""
    text = readable(record_of(Participant.get(participant_id)), language_of_caller())
    return Response(text, content_type="text/plain; charset=utf-8")


@participants.post(f"{ONE}/hold", permits=PROGRAMME, body=HoldParticipant, returns=ParticipantView, personal=True)
def hold_participant(participant_id: UUID, body: Body) -> Participant:
    return privacy_commands.hold_participant(participant_id, **body)


@participants.post(f"{ONE}/hold/release", permits=PROGRAMME, returns=ParticipantView, personal=True)
def release_participant(participant_id: UUID) -> Participant:
    return privacy_commands.release_participant(participant_id)


@participants.post(f"{ONE}/erasure", permits=STAFF, returns=ParticipantView, personal=True)
def erase_participant(participant_id: UUID) -> Participant:
    return privacy_commands.erase_participant(participant_id)


@participants.get(f"{ONE}/erasure/progress", permits=RECORD_READERS, returns=ErasureView, personal=True)
def show_erasure(participant_id: UUID) -> dict[str, Any]:
    """Return which services have forgotten the person, and which have not yet."""
    Participant.get(participant_id)
    return require_progress("enrollment", participant_id)


@participants.list("/v1/consent-texts", permits=EVERYBODY, returns=ConsentTextView)
def list_consent_texts(query: ListQuery) -> list[dict[str, Any]]:
    """Return the texts that people consent to, every version of them."""
    del query
    return texts()
