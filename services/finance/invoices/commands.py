"""Issues invoices with numbers that have no gaps, and says of which the payment is late."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.finance.invoices.model import Invoice
from services.finance.invoices.queries import series_of
from services.finance.invoices.series import Series
from services.finance.settings import finance_settings, today
from shared.kernel.context import tracing
from shared.kernel.trace import Trace, new_traceparent
from shared.storage.transaction import transactional


def number_drafts() -> int:
    """Issue what is ready, in batches: numbers are gap-free because counter and invoices commit together."""
    numbered = 0
    while batch := _number_batch():
        numbered += batch
    return numbered


@transactional
def _number_batch() -> int:
    drafts = list(Invoice.objects(state="draft"))
    drafts.sort(key=lambda invoice: (invoice.created_at, invoice.id))
    drafts = drafts[: finance_settings().numbering_batch]
    issued_on = today()
    series: dict[UUID, Series] = {}
    for invoice in drafts:
        if invoice.provider_id not in series:
            series[invoice.provider_id] = series_of(invoice.provider_id, issued_on.year)
        counter = series[invoice.provider_id]
        with tracing(_trace_of(invoice)):
            invoice.issue(counter.next_number(), issued_on=issued_on, payment_days=finance_settings().payment_days)
            invoice.save()
    for counter in series.values():
        counter.save()
    return len(drafts)


def tell_overdue() -> int:
    """Say of unpaid invoices that they are overdue, on the days that the settings name; returns of how many it was said."""
    first = today() - timedelta(days=min(finance_settings().overdue_days))
    late = Invoice.objects(state="issued", needs_credit=False, due_on__lte=first).scalar("id")
    return sum(_tell_overdue(invoice_id) for invoice_id in late)


@transactional
def _tell_overdue(invoice_id: UUID) -> bool:
    invoice = Invoice.get(invoice_id)
    if not invoice.tell_overdue(finance_settings().overdue_days, today()):
        return False
    with tracing(_trace_of(invoice)):
        invoice.save()
    return True


def _trace_of(invoice: Invoice) -> Trace:
    """Return the trace to which an invoice belongs: that of the delivery that made it due."""
    return Trace(
        correlation_id=invoice.correlation_id,
        causation_id=invoice.cause_id,
        traceparent=invoice.traceparent or new_traceparent(),
    )
