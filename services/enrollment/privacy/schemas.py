"""The shapes of requests and answers about privacy."""

from __future__ import annotations

from marshmallow import fields

from services.enrollment.people.consent import PURPOSES
from services.enrollment.people.privacy_request import CHANNELS, KINDS
from services.enrollment.people.schemas import SOME_PURPOSES, ConsentView, ParticipantView
from services.enrollment.privacy.labels import CODES, FIELDS, OUTCOMES, READER_CODES, READERS, STATES
from services.enrollment.privacy.queries import (
    known_participant,
    require_purposes,
    require_received,
    require_to_come,
)
from shared.web.fields import Choice, Flag, Identifier, IsoDate, Moment
from shared.web.lists.views import AggregateView
from shared.web.schema import Schema, View

HOLD_REASONS = ("tax_records", "labour_records", "dispute", "audit", "other")

REFUSAL_REASONS = ("not_the_person", "legal_duty", "unfounded")


class HoldParticipant(Schema):
    LABELS = FIELDS

    CHECKS = ((require_to_come, "until"),)

    reason = Choice(*HOLD_REASONS, required=True)
    until = IsoDate(required=True)


class RecordPrivacyRequest(Schema):
    LABELS = FIELDS

    CHECKS = (
        (known_participant, "participant_id"),
        (require_received, "received_at"),
        (require_purposes, "kind", "purposes"),
    )
    FILLED_IN = ("received_at",)

    participant_id = Identifier(required=True)
    kind = Choice(*KINDS, required=True)
    channel = Choice(*CHANNELS, load_default="other")
    purposes = fields.List(Choice(*PURPOSES), validate=SOME_PURPOSES)
    received_at = Moment()


class RefusePrivacyRequest(Schema):
    reason = Choice(*REFUSAL_REASONS, required=True)


class PrivacyRequestView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    participant_id = Identifier(required=True)
    enterprise_id = Identifier(required=True)
    provider_id = Identifier(required=True)
    kind = Choice(*KINDS, required=True)
    channel = Choice(*CHANNELS, required=True)
    purposes = fields.List(Choice(*PURPOSES), required=True)
    received_at = Moment(required=True)
    due_at = Moment(required=True)
    overdue = Flag(required=True)
    closed_at = Moment(allow_none=True)
    reason = Choice(*REFUSAL_REASONS, allow_none=True)
    state = Choice(*STATES, required=True)


class ReaderView(View):
    LABELS = READERS
    CODES = READER_CODES

    at = Moment(required=True)
    role = fields.String(required=True, allow_none=True)
    action = fields.String(required=True)
    outcome = Choice(*OUTCOMES, required=True)


class ParticipantRecordView(View):
    """All that is kept about a person, for the person."""

    participant = fields.Nested(ParticipantView, required=True)
    enterprise = fields.String(required=True)
    consents = fields.List(fields.Nested(ConsentView), required=True)
    requests = fields.List(fields.Nested(PrivacyRequestView), required=True)
    readers = fields.List(fields.Nested(ReaderView), required=True)
