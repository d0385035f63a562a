"""The shape of a letter. Addresses and texts are not in it."""

from __future__ import annotations

from typing import Final

from marshmallow import fields

from services.notifications.letters.labels import CODES, FIELDS, RESENDS, STATES, TEMPLATES
from shared.reference.languages import LANGUAGES
from shared.web.fields import Choice, Identifier, IsoDate, Moment, Text
from shared.web.lists.views import AggregateView
from shared.web.schema import Among, Length, Schema, View

MOST_AT_ONCE: Final = 100


class ReleaseLetters(Schema):
    LABELS = FIELDS

    letter_ids = fields.List(Identifier(), required=True, validate=Length(min=1, max=MOST_AT_ONCE))


class ResendLetter(Schema):
    LABELS = FIELDS

    reason = Choice(*RESENDS, required=True)


class FindLetters(Schema):
    LABELS = FIELDS

    name = Text(required=True)


class WrittenOn(Schema):
    """The days between which letters were written."""

    LABELS = FIELDS

    written_from = IsoDate(load_default=None)
    written_until = IsoDate(load_default=None)


class StepView(View):
    LABELS = FIELDS

    state = Choice(*STATES, required=True)
    at = Moment(required=True)
    reason = fields.String(allow_none=True)


class LetterView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    template = fields.String(required=True, validate=Among(TEMPLATES))
    state = Choice(*STATES, required=True)
    recipient_id = Identifier(required=True)
    cause_id = Identifier(required=True)
    correlation_id = Identifier(required=True)
    language = Choice(*LANGUAGES, allow_none=True)
    tries = fields.Integer(required=True)
    sent_at = Moment(allow_none=True)
    reason = fields.String(allow_none=True)


class LetterWithStepsView(LetterView):
    steps = fields.List(fields.Nested(StepView), required=True)


class ReleasedLettersView(View):
    LABELS = FIELDS

    letters = fields.List(fields.Nested(LetterView), required=True)
