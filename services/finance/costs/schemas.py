"""The shapes of requests and answers about costs."""

from __future__ import annotations

from marshmallow import fields

from services.finance.costs.labels import CATEGORIES, CODES, FIELDS, FUNDERS, REASONS, STATES
from services.finance.costs.queries import require_incurred
from services.finance.prices.queries import acting_provider
from shared.web.fields import Choice, Code, Flag, Identifier, IsoDate, Rupiah, Text
from shared.web.lists.views import AggregateView
from shared.web.schema import Schema

LONGEST_DESCRIPTION = 200


class RecordCost(Schema):
    LABELS = FIELDS
    CHECKS = ((require_incurred, "incurred_on"), (acting_provider, "provider_id"))
    FILLED_IN = ("in_kind", "funded_by")

    category = Choice(*CATEGORIES, required=True)
    amount = Rupiah(required=True, least=1)
    incurred_on = IsoDate(required=True)
    in_kind = Flag()
    funded_by = Choice(*FUNDERS)
    module = Code()
    provider_id = Identifier()
    description = Text(longest=LONGEST_DESCRIPTION)


class ReverseCost(Schema):
    LABELS = FIELDS

    reason = Choice(*REASONS, required=True)


class CostView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    provider_id = Identifier(allow_none=True)
    category = Choice(*CATEGORIES, required=True)
    amount = Rupiah(required=True)
    in_kind = fields.Boolean(required=True)
    funded_by = Choice(*FUNDERS, required=True)
    module = fields.String(allow_none=True)
    incurred_on = IsoDate(required=True)
    period = fields.String(required=True)
    description = fields.String(allow_none=True)
    reversed_on = IsoDate(allow_none=True)
    reversal_reason = Choice(*REASONS, allow_none=True)
    state = Choice(*STATES, required=True)
