"""The shape of a refused address: whose it is and why, never the address."""

from __future__ import annotations

from marshmallow import fields

from services.notifications.suppressions.labels import CODES, FIELDS, STATES
from shared.web.fields import Choice, Identifier
from shared.web.lists.views import AggregateView


class SuppressionView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    recipient_id = Identifier(required=True)
    state = Choice(*STATES, required=True)
    reason = fields.String(required=True)
