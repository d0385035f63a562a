"""The shape of an invoice."""

from __future__ import annotations

from marshmallow import fields

from services.finance.invoices.labels import CODES, CREDIT_REASONS, FIELDS, PAYERS, STATES, TRANCHES
from shared.web.fields import Choice, Flag, Identifier, IsoDate, Rupiah
from shared.web.lists.views import AggregateView


class InvoiceView(AggregateView):
    LABELS = FIELDS
    CODES = CODES

    number = fields.String(allow_none=True)
    state = Choice(*STATES, required=True)
    payer_id = Identifier(required=True)
    payer_kind = Choice(*PAYERS, required=True)
    enterprise_id = Identifier(required=True)
    module = fields.String(required=True)
    training_id = Identifier(required=True)
    delivered_on = IsoDate(required=True)
    tranche = Choice(*TRANCHES, required=True)
    round = fields.Integer(required=True)
    provider_id = Identifier(required=True)
    net = Rupiah(allow_none=True)
    tax = Rupiah(allow_none=True)
    total = Rupiah(allow_none=True)
    issued_on = IsoDate(allow_none=True)
    due_on = IsoDate(allow_none=True)
    paid = Rupiah(required=True)
    outstanding = Rupiah(allow_none=True)
    needs_credit = Flag(required=True)
    credit_note_number = fields.String(allow_none=True)
    credited_on = IsoDate(allow_none=True)
    credit_reason = Choice(*CREDIT_REASONS, allow_none=True)
    correlation_id = Identifier(allow_none=True)
