"""The shapes of requests and answers about prices."""

from __future__ import annotations

from marshmallow import fields

from services.finance.prices.labels import FIELDS
from services.finance.prices.queries import acting_provider
from shared.web.fields import Code, Identifier, IsoDate, Rupiah
from shared.web.lists.views import AggregateView
from shared.web.schema import Schema


class SetPrice(Schema):
    CHECKS = ((acting_provider, "provider_id"),)

    module = Code(required=True)
    amount = Rupiah(required=True)
    valid_from = IsoDate(required=True)
    provider_id = Identifier()


class PriceView(AggregateView):
    LABELS = FIELDS

    module = fields.String(required=True)
    provider_id = Identifier(allow_none=True)
    amount = Rupiah(required=True)
    valid_from = IsoDate(required=True)
