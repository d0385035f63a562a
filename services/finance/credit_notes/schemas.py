"""The shapes of requests about credit notes."""

from __future__ import annotations

from services.finance.invoices.labels import CREDIT_REASONS, FIELDS
from shared.web.fields import Choice
from shared.web.schema import Schema


class CreditInvoice(Schema):
    LABELS = FIELDS

    reason = Choice(*CREDIT_REASONS, required=True)
