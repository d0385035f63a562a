"""Sets prices, and prices the invoices that waited for one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.invoices.model import Invoice
from services.finance.invoices.queries import waiting_for_price
from services.finance.prices.errors import UNKNOWN_INSTITUTION
from services.finance.prices.model import Price
from services.finance.prices.queries import price_on
from shared.domain.errors import Invalid
from shared.kernel import ids
from shared.kernel.context import current_principal
from shared.storage.transaction import transactional


@transactional
def set_price(*, module: str, amount: int, valid_from: date, provider_id: UUID | None = None) -> Price:
    """Set a price from a date on; setting the same date again replaces it. Invoices that waited for one become drafts."""
    own = current_principal().institution
    if own and provider_id not in (None, own):
        raise Invalid(errors=[UNKNOWN_INSTITUTION.at("/provider_id")])
    provider_id = provider_id or own
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
