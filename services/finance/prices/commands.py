"""Sets prices, and prices the invoices that waited for one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.invoices.model import Invoice
from services.finance.invoices.queries import waiting_for_price
from services.finance.prices.model import Price
from services.finance.prices.queries import acting_provider, price_on
from shared.kernel import ids
from shared.storage.transaction import transactional


@transactional
def set_price(*, module: str, amount: int, valid_from: date, provider_id: UUID | None = None) -> Price:
    """Set a price of the caller's own institution, of the one that the programme names, or of all that have none.

    Setting the same date again replaces it. Invoices that waited for a price become drafts.
    """
    provider_id = acting_provider(provider_id)
    price_id = ids.derived("price", module, provider_id, valid_from)
    price = Price.find(price_id) or Price(id=price_id, module=module, provider_id=provider_id, valid_from=valid_from)
    price.amount = amount
    price.save()
    for invoice in waiting_for_price(module, provider_id):
        price_invoice(invoice)
        invoice.save()
    return price


def price_invoice(invoice: Invoice) -> None:
    """Make an invoice a draft where there is a price; else it stays on the work list."""
    price = price_on(invoice.delivered_on, invoice.module, invoice.provider_id)
    if price:
        invoice.price(price.amount)
