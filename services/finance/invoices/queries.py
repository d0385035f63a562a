"""Reads of invoices and of the series that number them, for commands."""

from __future__ import annotations

from uuid import UUID

from services.finance.invoices.model import Invoice
from services.finance.invoices.series import INVOICE, Series
from shared.kernel.context import unscoped


def series_of(provider_id: UUID, year: int, document: str = INVOICE) -> Series:
    """Return the series of a provider in a year, a new one where it has issued nothing yet."""
    series_id = Series.id_of(provider_id, year, document)
    with unscoped("a number follows the last one of the provider, whoever issues"):
        known = Series.find(series_id)
    return known or Series(id=series_id, provider_id=provider_id, year=year, document=document)


def last_round(payer_id: UUID, enterprise_id: UUID, module: str, tranche: str) -> Invoice | None:
    """Return the invoice that stands for this payer, enterprise, module and tranche: the one of the last round."""
    rounds = Invoice.objects(payer_id=payer_id, enterprise_id=enterprise_id, module=module, tranche=tranche)
    return max(rounds, key=lambda invoice: invoice.round, default=None)


def linked_invoice(invoice_id: UUID, payer_id: UUID) -> Invoice | None:
    """Return the invoice with a number that a signed link shows to who pays it; None for any other."""
    with unscoped("the signed link is the permission to see this one invoice"):
        invoice = Invoice.find(invoice_id)
    shown = invoice is not None and invoice.payer_id == payer_id and invoice.number is not None
    return invoice if shown else None


def waiting_for_price(module: str, provider_id: UUID | None) -> list[Invoice]:
    """Return the invoices of a module that wait for a price, of one provider or of all."""
    waiting = Invoice.objects(state="waiting_for_price")
    return [invoice for invoice in waiting if invoice.module == module and provider_id in (None, invoice.provider_id)]
