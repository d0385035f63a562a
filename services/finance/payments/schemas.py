"""The shapes of requests and answers about payments."""

from __future__ import annotations

from marshmallow import fields

from services.finance.invoices.labels import PAYERS
from services.finance.payments.labels import CODES, FIELDS, METHODS, REASONS, STATES
from services.finance.payments.queries import require_received
from shared.web.fields import Choice, Identifier, IsoDate, Rupiah, Text
from shared.web.lists.views import AggregateView
from shared.web.schema import Schema

LONGEST_REFERENCE = 64


class RecordPayment(Schema):
    LABELS = FIELDS
    CHECKS = ((require_received, "received_on"),)
    FILLED_IN = ("withheld",)

    amount = Rupiah(required=True)
    withheld = Rupiah()
    withholding_slip = Text(longest=LONGEST_REFERENCE)
    received_on = IsoDate(required=True)
    method = Choice(*METHODS, required=True)
    reference = Text(longest=LONGEST_REFERENCE)


class ReversePayment(Schema):
    LABELS = FIELDS

    reason = Choice(*REASONS, required=True)


class PaymentView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    invoice_id = Identifier(required=True)
    invoice_number = fields.String(required=True)
    payer_id = Identifier(required=True)
    payer_kind = Choice(*PAYERS, required=True)
    enterprise_id = Identifier(required=True)
    module = fields.String(required=True)
    provider_id = Identifier(required=True)
    amount = Rupiah(required=True)
    withheld = Rupiah(required=True)
    withholding_slip = fields.String(allow_none=True)
    received_on = IsoDate(required=True)
    method = Choice(*METHODS, required=True)
    reference = fields.String(allow_none=True)
    reversed_on = IsoDate(allow_none=True)
    reversal_reason = Choice(*REASONS, allow_none=True)
    state = Choice(*STATES, required=True)
