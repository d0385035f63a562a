"""The shape of an opening balance."""

from __future__ import annotations

from marshmallow import fields

from shared.web.fields import Choice, IsoDate, ShownName, Whole
from shared.web.schema import View


class OpeningBalanceView(View):
    """What earlier phases reached; in no counter."""

    code = fields.String(required=True)
    names = ShownName(required=True)
    comparator = Choice("equal_to", "more_than", required=True)
    value = Whole(required=True)
    unit = fields.String(required=True)
    as_of = IsoDate(required=True)
