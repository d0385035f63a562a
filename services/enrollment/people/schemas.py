"""The shapes of requests and answers about the people of an enterprise and their rights."""

from __future__ import annotations

from typing import get_args

from marshmallow import fields

from services.enrollment.enterprises.queries import known_enterprise
from services.enrollment.errors import not_in_future
from services.enrollment.fields import LANGUAGES
from services.enrollment.people.consent import CURRENT_TEXT, GIVERS, PURPOSES, TEXTS
from services.enrollment.people.labels import CODES, FIELDS, HOLDS, STATES
from shared.contracts import values
from shared.reference.sexes import SEXES
from shared.web.fields import Choice, Email, ExternalId, Flag, Identifier, IsoDate, Moment, Phone, ShownName, Text
from shared.web.lists.views import AggregateView
from shared.web.schema import Length, Patch, Schema, View

ROLES = get_args(values.Role)

SOME_PURPOSES = Length(min=1, max=len(PURPOSES))


class GiveConsent(Schema):
    CHECKS = ((not_in_future("/given_on"), "given_on"),)

    purposes = fields.List(Choice(*PURPOSES), required=True, validate=SOME_PURPOSES)
    text_version = Choice(*TEXTS, load_default=CURRENT_TEXT)
    given_by = Choice(*GIVERS, load_default="person")
    given_on = IsoDate()


class RegisterParticipant(Schema):
    CHECKS = ((known_enterprise("/enterprise_id"), "enterprise_id"),)

    LABELS = FIELDS

    enterprise_id = Identifier(required=True)
    name = Text(required=True)
    sex = Choice(*SEXES, required=True)
    role = Choice(*ROLES, required=True)
    external_id = ExternalId()
    language = Choice(*LANGUAGES, load_default="id")
    email = Email()
    phone = Phone()
    consent = fields.Nested(GiveConsent)
    namesake = Flag(load_default=False)


class CorrectParticipant(Patch):
    name = Text()
    sex = Choice(*SEXES)
    role = Choice(*ROLES)
    external_id = ExternalId(allow_none=True)
    language = Choice(*LANGUAGES)
    email = Email(allow_none=True)
    phone = Phone(allow_none=True)


class FindParticipants(Schema):
    name = Text()
    email = Email()
    phone = Phone()
    enterprise_id = Identifier()


class WithdrawConsent(Schema):
    purposes = fields.List(Choice(*PURPOSES), required=True, validate=SOME_PURPOSES)


class ParticipantView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    enterprise_id = Identifier(required=True)
    provider_id = Identifier(required=True)
    name = fields.String(required=True, allow_none=True)
    sex = Choice(*get_args(values.Sex), required=True)
    role = Choice(*get_args(values.Role), required=True)
    external_id = ExternalId()
    language = Choice(*LANGUAGES, required=True)
    email = Email(allow_none=True)
    phone = Phone(allow_none=True)
    purposes = fields.List(Choice(*PURPOSES), required=True)
    restricted = fields.Boolean(required=True)
    hold_reason = Choice(*HOLDS, allow_none=True)
    hold_until = IsoDate(allow_none=True)
    state = Choice(*STATES, required=True)


class FoundParticipants(View):
    items = fields.List(fields.Nested(ParticipantView), required=True)


class ConsentView(View):
    LABELS = FIELDS
    CODES = CODES

    purpose = Choice(*PURPOSES, required=True)
    text_version = Choice(*TEXTS, required=True)
    given_by = Choice(*GIVERS, required=True)
    given_on = IsoDate(required=True)
    recorded_at = Moment(required=True)
    withdrawn_at = Moment(allow_none=True)


class ConsentTextView(View):
    LABELS = FIELDS

    id = fields.String(required=True)
    version = fields.String(required=True)
    purpose = Choice(*PURPOSES, required=True)
    text = ShownName(required=True)
