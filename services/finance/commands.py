"""Everything finance can be asked."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.invoice import DELIVERY, Delivery, Invoice
from services.finance.price import Price
from services.finance.series import Series
from services.finance.settings import finance_settings
from shared.errors import Invalid
from shared.runtime import clock, ids
from shared.runtime.context import (
    Trace,
    current_principal,
    current_trace,
    new_traceparent,
    seeing_everything,
    tracing,
)
from shared.storage.transaction import transactional


@transactional
def set_price(*, module: str, amount: int, valid_from: date, provider_id: UUID | None = None) -> Price:
    """A price from a date on; setting the same date again replaces it. Invoices that waited for one become drafts."""
    own = current_principal().institution
    if own and provider_id not in (None, own):
        raise Invalid(
            "/provider_id",
            "unknown-institution",
            {"id": "Lembaga ini tidak dikenal.", "en": "There is no such institution."},
        )
    provider_id = provider_id or own
    price_id = ids.derived("price", module, provider_id, valid_from)
    price = Price.find(price_id) or Price(id=price_id, module=module, provider_id=provider_id, valid_from=valid_from)
    price.amount = amount
    price.save()
    with seeing_everything():
        for invoice in Invoice.objects(state="waiting_for_price"):
            if invoice.module == module and provider_id in (None, invoice.provider_id):
                _price(invoice)
                invoice.save()
    return price


@transactional
def draft_delivery_invoice(
    *, enterprise_id: UUID, module: str, training_id: UUID, delivered_on: date, provider_id: UUID
) -> Invoice:
    """The delivery tranche of one enterprise and module; drafting it again changes nothing."""
    invoice_id = Invoice.id_for(enterprise_id, enterprise_id, module, DELIVERY, 1)
    invoice = Invoice.find(invoice_id) or Invoice(
        id=invoice_id,
        payer_id=enterprise_id,
        payer_kind="enterprise",
        enterprise_id=enterprise_id,
        module=module,
        tranche=DELIVERY,
    )
    if invoice.rests_on(training_id):
        return invoice
    delivery = Delivery(
        training_id=training_id,
        delivered_on=delivered_on,
        provider_id=provider_id,
        correlation_id=current_trace().correlation_id,
        cause_id=current_trace().causation_id,
        traceparent=current_trace().traceparent,
    )
    if invoice.add(delivery):
        _price(invoice)
    return invoice.save()


@transactional
def cancel_delivery_invoice(*, enterprise_id: UUID, module: str, training_id: UUID) -> None:
    """The delivery was reversed: a draft rests on another delivery or is cancelled, an issued invoice is to be credited."""
    invoice = Invoice.find(Invoice.id_for(enterprise_id, enterprise_id, module, DELIVERY, 1))
    if invoice and invoice.rests_on(training_id):
        if invoice.remove(training_id):
            _price(invoice)
        invoice.save()


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
    year = clock.today(finance_settings().books_zone).year
    series: dict[UUID, Series] = {}
    for invoice in drafts:
        counter = series.setdefault(invoice.provider_id, Series.of(invoice.provider_id, year))
        with tracing(_story_of(invoice)):
            invoice.issue(counter.next_number())
            invoice.save()
    for counter in series.values():
        counter.save()
    return len(drafts)


def _story_of(invoice: Invoice) -> Trace:
    """Issuing belongs to the story of the delivery that made the invoice due."""
    return Trace(
        correlation_id=invoice.correlation_id,
        causation_id=invoice.cause_id,
        traceparent=invoice.traceparent or new_traceparent(),
    )


def _price(invoice: Invoice) -> None:
    """Make it a draft where there is a price; else it stays on the work list."""
    price = Price.on(invoice.delivered_on, invoice.module, invoice.provider_id)
    if price:
        invoice.price(price.amount)
