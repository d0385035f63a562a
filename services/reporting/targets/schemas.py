"""The shapes of requests and answers about targets."""

from __future__ import annotations

from marshmallow import fields

from services.reporting.targets.labels import FIELDS
from shared.web.fields import Choice, Code, Identifier, IsoDate, Moment, ShownName, Whole
from shared.web.schema import Schema, View

MOST = 1_000_000
COMPARATORS = ("equal_to", "at_least")


class SetTarget(Schema):
    number = Whole(required=True, most=MOST)
    reason = Code(required=True)


class ChangeView(View):
    number = Whole(required=True, allow_none=True)
    reason = fields.String(required=True)
    valid_from = IsoDate(required=True)


class TargetView(View):
    LABELS = FIELDS

    id = Identifier(required=True)
    version = Whole(required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
    code = fields.String(required=True)
    position = Whole(required=True)
    names = ShownName(required=True)
    unit = fields.String(required=True)
    comparator = Choice(*COMPARATORS, required=True)
    number = Whole(required=True, allow_none=True)
    due = IsoDate(required=True)
    note = ShownName()
    history = fields.List(fields.Nested(ChangeView), required=True)
