"""The shapes of requests and answers about targets."""

from __future__ import annotations

from marshmallow import fields

from services.reporting.targets.labels import FIELDS
from shared.web.fields import Code, Identifier, IsoDate, LocalizedName, Moment, Whole
from shared.web.schema import Schema

MOST = 1_000_000


class SetTarget(Schema):
    number = Whole(required=True, most=MOST)
    reason = Code(required=True)


class ChangeView(Schema):
    number = Whole(required=True, allow_none=True)
    reason = fields.String(required=True)
    valid_from = IsoDate(required=True)


class TargetView(Schema):
    LABELS = FIELDS

    id = Identifier(required=True)
    version = Whole(required=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)
    code = fields.String(required=True)
    position = Whole(required=True)
    names = LocalizedName(required=True)
    unit = fields.String(required=True)
    comparator = fields.String(required=True)
    number = Whole(required=True, allow_none=True)
    due = IsoDate(required=True)
    note = LocalizedName()
    history = fields.List(fields.Nested(ChangeView), required=True)
