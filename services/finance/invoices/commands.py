"""Issues invoices with numbers that have no gaps."""

from __future__ import annotations

from uuid import UUID

from services.finance.invoices.model import Invoice
from services.finance.invoices.queries import series_of
from services.finance.invoices.series import Series
from services.finance.settings import finance_settings
from shared.kernel import clock
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
    today = clock.today(finance_settings().books_zone)
    series: dict[UUID, Series] = {}
    for invoice in drafts:
        counter = series.setdefault(invoice.provider_id, series_of(invoice.provider_id, today.year))
        with tracing(_trace_of(invoice)):
            invoice.issue(counter.next_number(), issued_on=today, payment_days=finance_settings().payment_days)
            invoice.save()
    for counter in series.values():
        counter.save()
    return len(drafts)


def _trace_of(invoice: Invoice) -> Trace:
    """Return the trace to which issuing belongs: that of the delivery that made the invoice due."""
    return Trace(
        correlation_id=invoice.correlation_id,
        causation_id=invoice.cause_id,
        traceparent=invoice.traceparent or new_traceparent(),
    )
