"""The shapes of questions and answers about cost recovery."""

from __future__ import annotations

from marshmallow import fields

from services.finance.recovery.labels import CODES, PARTS, VARIANTS
from shared.web.fields import Choice, Identifier, Rupiah, Text
from shared.web.schema import Regexp, Schema, View

LONGEST_PERIOD = 7


class AskRecovery(Schema):
    CODES = CODES

    period = Text(
        longest=LONGEST_PERIOD,
        validate=Regexp(r"^\d{4}(-(0[1-9]|1[0-2]))?$"),
        metadata={"description": "A year or a month; without it all", "example": "2026-03"},
    )
    variant = Choice(*VARIANTS, load_default="accrual")
    by = Choice(*PARTS, load_default="period")


class CostRecoveryPartView(View):
    period = fields.String(allow_none=True)
    module = fields.String(allow_none=True)
    provider_id = Identifier(allow_none=True)
    income = Rupiah(attribute="recovery.income", required=True)
    cost = Rupiah(attribute="recovery.cost", required=True)
    rate_percent = fields.Float(attribute="recovery.rate", allow_none=True)


class CostRecoveryView(View):
    period = fields.String(allow_none=True)
    variant = Choice(*VARIANTS, required=True)
    by = Choice(*PARTS, required=True)
    income = Rupiah(attribute="whole.income", required=True)
    cost = Rupiah(attribute="whole.cost", required=True)
    rate_percent = fields.Float(attribute="whole.rate", allow_none=True)
    items = fields.List(fields.Nested(CostRecoveryPartView), required=True)
