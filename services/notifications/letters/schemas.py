"""The shape of a letter. Addresses and texts are not in it."""

from __future__ import annotations

from marshmallow import fields

from services.notifications.letters.labels import FIELDS, STATES, TEMPLATES
from shared.reference.languages import LANGUAGES
from shared.web.fields import Choice, Identifier, Moment
from shared.web.lists.views import AggregateView


class LetterView(AggregateView):
    LABELS = FIELDS

    template = Choice(*TEMPLATES, required=True)
    state = Choice(*STATES, required=True)
    recipient_id = Identifier(required=True)
    cause_id = Identifier(required=True)
    correlation_id = Identifier(required=True)
    language = Choice(*LANGUAGES, allow_none=True)
    tries = fields.Integer(required=True)
    sent_at = Moment(allow_none=True)
    reason = fields.String(allow_none=True)
