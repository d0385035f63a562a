"""The shape of a letter. Addresses and texts are not in it."""

from __future__ import annotations

from marshmallow import fields

from services.notifications.letters.labels import FIELDS, STATES, TEMPLATES
from shared.reference.languages import LANGUAGES
from shared.web.fields import Choice, Identifier, Moment
from shared.web.lists.views import AggregateView
from shared.web.schema import refusal


def require_template(template: str) -> None:
    """Refuse a kind that there is not. The kinds are no list in the API's description: each new one would break who reads it."""
    if template not in TEMPLATES:
        raise refusal("not-a-choice", choices=", ".join(TEMPLATES))


class LetterView(AggregateView):
    LABELS = FIELDS

    template = fields.String(required=True, validate=require_template)
    state = Choice(*STATES, required=True)
    recipient_id = Identifier(required=True)
    cause_id = Identifier(required=True)
    correlation_id = Identifier(required=True)
    language = Choice(*LANGUAGES, allow_none=True)
    tries = fields.Integer(required=True)
    sent_at = Moment(allow_none=True)
    reason = fields.String(allow_none=True)
