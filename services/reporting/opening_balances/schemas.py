"""The shape of an opening balance."""

from __future__ import annotations

from marshmallow import fields

from shared.web.fields import IsoDate, LocalizedName, Whole
from shared.web.schema import Schema


class OpeningBalanceView(Schema):
    """What earlier phases reached; in no counter."""

    code = fields.String(required=True)
    names = LocalizedName(required=True)
    comparator = fields.String(required=True)
    value = Whole(required=True)
    unit = fields.String(required=True)
    as_of = IsoDate(required=True)
