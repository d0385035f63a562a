"""The shapes of requests and answers about the people of an enterprise and their rights."""

from __future__ import annotations

from typing import get_args

from marshmallow import Schema, fields, validate

from services.enrollment.consent import CURRENT_TEXT, GIVERS, PURPOSES, TEXTS
from services.enrollment.enterprise_schemas import LANGUAGES, LocalPhone
from services.enrollment.privacy_request import CHANNELS, KINDS
from shared.contracts import values
from shared.web.fields import (
    Choice,
    Email,
    Flag,
    Identifier,
    IsoDate,
    LocalizedName,
    Moment,
    Text,
)
from shared.web.views import AggregateView

SEXES = get_args(values.Sex)
ROLES = get_args(values.Role)
HOLD_REASONS = ("tax_records", "labour_records", "dispute", "audit", "other")
REFUSAL_REASONS = ("not_the_person", "legal_duty", "unfounded")
SOME_PURPOSES = validate.Length(min=1, max=len(PURPOSES))


class GiveConsent(Schema):
    purposes = fields.List(Choice(*PURPOSES), required=True, validate=SOME_PURPOSES)
    text_version = Choice(*TEXTS, load_default=CURRENT_TEXT)
    given_by = Choice(*GIVERS, load_default="person")
    given_on = IsoDate()


class RegisterParticipant(Schema):
    enterprise_id = Identifier(required=True)
    name = Text(required=True)
    sex = Choice(*SEXES, required=True)
    role = Choice(*ROLES, required=True)
    language = Choice(*LANGUAGES, load_default="id")
    email = Email()
    phone = LocalPhone()
    consent = fields.Nested(GiveConsent)
    namesake = Flag(load_default=False)


class CorrectParticipant(Schema):
    name = Text()
    sex = Choice(*SEXES)
    role = Choice(*ROLES)
    language = Choice(*LANGUAGES)
    email = Email(allow_none=True)
    phone = LocalPhone(allow_none=True)


class FindParticipants(Schema):
    name = Text()
    email = Email()
    phone = LocalPhone()
    enterprise_id = Identifier()


class WithdrawConsent(Schema):
    purposes = fields.List(Choice(*PURPOSES), required=True, validate=SOME_PURPOSES)


class HoldParticipant(Schema):
    reason = Choice(*HOLD_REASONS, required=True)
    until = IsoDate(required=True)


class ParticipantView(AggregateView):
    enterprise_id = Identifier(required=True)
    provider_id = Identifier(required=True)
    name = fields.String(required=True, allow_none=True)
    sex = fields.String(required=True)
    role = fields.String(required=True)
    language = fields.String(required=True)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    purposes = fields.List(fields.String(), required=True)
    restricted = fields.Boolean(required=True)
    hold_reason = fields.String(allow_none=True)
    hold_until = IsoDate(allow_none=True)
    state = fields.String(required=True)


class FoundParticipants(Schema):
    items = fields.List(fields.Nested(ParticipantView), required=True)


class ConsentView(Schema):
    purpose = fields.String(required=True)
    text_version = fields.String(required=True)
    given_by = fields.String(required=True)
    given_on = IsoDate(required=True)
    recorded_at = Moment(required=True)
    withdrawn_at = Moment(allow_none=True)


class ConsentTextView(Schema):
    id = fields.String(required=True)
    version = fields.String(required=True)
    purpose = fields.String(required=True)
    text = LocalizedName(required=True)


class RecordPrivacyRequest(Schema):
    participant_id = Identifier(required=True)
    kind = Choice(*KINDS, required=True)
    channel = Choice(*CHANNELS, load_default="other")
    purposes = fields.List(Choice(*PURPOSES), validate=SOME_PURPOSES)
    received_at = Moment()


class RefusePrivacyRequest(Schema):
    reason = Choice(*REFUSAL_REASONS, required=True)


class PrivacyRequestView(AggregateView):
    participant_id = Identifier(required=True)
    enterprise_id = Identifier(required=True)
    provider_id = Identifier(required=True)
    kind = fields.String(required=True)
    channel = fields.String(required=True)
    purposes = fields.List(fields.String(), required=True)
    received_at = Moment(required=True)
    due_at = Moment(required=True)
    overdue = Flag(required=True)
    closed_at = Moment(allow_none=True)
    reason = fields.String(allow_none=True)
    state = fields.String(required=True)


class ErasureStep(Schema):
    service = fields.String(required=True)
    done_at = Moment(required=True, allow_none=True)


class ErasureView(Schema):
    participant_id = Identifier(required=True)
    erased_at = Moment(required=True)
    due_at = Moment(required=True)
    services = fields.List(fields.Nested(ErasureStep), required=True)
    open = fields.List(fields.String(), required=True)
    overdue = fields.Boolean(required=True)


class ReaderView(Schema):
    at = Moment(required=True)
    role = fields.String(required=True, allow_none=True)
    action = fields.String(required=True)
    outcome = fields.String(required=True)


class ParticipantRecordView(Schema):
    """All that is kept about a person, for the person."""

    participant = fields.Nested(ParticipantView, required=True)
    enterprise = fields.String(required=True)
    consents = fields.List(fields.Nested(ConsentView), required=True)
    requests = fields.List(fields.Nested(PrivacyRequestView), required=True)
    readers = fields.List(fields.Nested(ReaderView), required=True)
