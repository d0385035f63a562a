"""The shape of what somebody chooses about their data."""

from __future__ import annotations

from marshmallow import fields

from services.enrollment.people.consent import PURPOSES
from services.enrollment.people.labels import FIELDS
from shared.web.fields import Choice
from shared.web.schema import Schema


class ChooseConsents(Schema):
    """What is ticked holds from now on, what is not is withdrawn."""

    LABELS = FIELDS

    purposes = fields.List(Choice(*PURPOSES), load_default=list)
