"""Sets prices, and prices the invoices that waited for one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.invoices.model import Invoice
from services.finance.invoices.queries import waiting_for_price
from services.finance.prices.errors import UNKNOWN_INSTITUTION
from services.finance.prices.model import Price
from services.finance.prices.queries import price_on
from shared.contracts.parties import CONTACTS
from shared.domain.errors import Invalid
from shared.domain.not_known import refusal
from shared.kernel import ids
from shared.kernel.context import current_principal
from shared.messaging import parties
from shared.storage.transaction import transactional


@transactional
def set_price(*, module: str, amount: int, valid_from: date, provider_id: UUID | None = None) -> Price:
    """Set a price of the caller's own institution, of the one that the programme names, or of all that have none.

    Setting the same date again replaces it. Invoices that waited for a price become drafts.
    """
    own = current_principal().institution
    if own and provider_id not in (None, own):
        raise Invalid(errors=[UNKNOWN_INSTITUTION.at("/provider_id")])
    if provider_id and not own and not _is_known(provider_id):
        raise refusal(CONTACTS.of("enrollment"), {"/provider_id": provider_id}, UNKNOWN_INSTITUTION)
    provider_id = provider_id or own
    price_id = ids.derived("price", module, provider_id, valid_from)
    price = Price.find(price_id) or Price(id=price_id, module=module, provider_id=provider_id, valid_from=valid_from)
    price.amount = amount
    price.save()
    for invoice in waiting_for_price(module, provider_id):
        price_invoice(invoice)
        invoice.save()
    return price


def _is_known(institution_id: UUID) -> bool:
    party = parties.find_all([institution_id]).get(institution_id)
    return party is not None and party["kind"] == "institution"


def price_invoice(invoice: Invoice) -> None:
    """Make an invoice a draft where there is a price; else it stays on the work list."""
    price = price_on(invoice.delivered_on, invoice.module, invoice.provider_id)
    if price:
        invoice.price(price.amount)
