"""Credits invoices that were issued and do not stand."""

from __future__ import annotations

from uuid import UUID

from services.finance.billing.commands import bill_again
from services.finance.credit_notes.errors import OwnPayment
from services.finance.credit_notes.queries import objection_to
from services.finance.invoices.model import Invoice
from services.finance.invoices.queries import series_of
from services.finance.invoices.series import CREDIT_NOTE
from services.finance.settings import today
from shared.kernel.context import current_principal
from shared.storage.transaction import transactional


@transactional
def credit_invoice(invoice_id: UUID, *, reason: str) -> Invoice:
    """Take an issued invoice back in full, by a credit note with a number of its own series. Deliveries behind it that stand are
    billed anew, at the price that is in force now."""
    invoice = Invoice.get(invoice_id)
    objection = objection_to(current_principal(), invoice)
    if objection:
        raise OwnPayment(objection)
    series = series_of(invoice.provider_id, today().year, CREDIT_NOTE)
    standing = invoice.credit(series.next_number(), reason, credited_on=today())
    series.save()
    invoice.save()
    bill_again(invoice, standing)
    return invoice
