"""Reads the books of whoever asks: the programme's people all, an institution its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from services.finance.costs.model import Cost, month_of
from services.finance.invoices.model import Invoice
from services.finance.payments.model import Payment
from services.finance.recovery.rules import Entry, Source, net_of


def entries() -> list[Entry]:
    """Return what stands in the books."""
    return [*_invoiced(), *_paid(), *_borne()]


def _invoiced() -> Iterator[Entry]:
    """Yield what was invoiced; a credited invoice is no income, as is one that is still a draft."""
    for invoice in Invoice.objects(state__in=("issued", "paid")):
        yield Entry("invoiced", invoice.net, month_of(invoice.issued_on), invoice.module, invoice.provider_id)


def _paid() -> Iterator[Entry]:
    """Yield what came in or was withheld as income tax of the payee; what was taken back is none."""
    standing = defaultdict(list)
    for payment in Payment.objects(state="received"):
        standing[payment.invoice_id].append(payment)
    for invoice in Invoice.objects(id__in=list(standing)):
        settled = 0
        for payment in sorted(standing[invoice.id], key=lambda payment: (payment.received_on, payment.id)):
            before, settled = net_of(settled, invoice.net, invoice.total), settled + payment.settling
            income = net_of(settled, invoice.net, invoice.total) - before
            yield Entry("paid", income, month_of(payment.received_on), invoice.module, invoice.provider_id)


def _borne() -> Iterator[Entry]:
    """Yield what was spent and what was given in kind, by others than the ILO or by it."""
    for cost in Cost.objects(state="booked"):
        source: Source = "given" if cost.in_kind else "spent"
        yield Entry(source, cost.amount, cost.period, cost.module, cost.provider_id, cost.funded_by == "non_ilo")
