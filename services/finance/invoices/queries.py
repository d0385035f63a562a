"""Reads of invoices and of the series that number them, for commands."""

from __future__ import annotations

from uuid import UUID

from services.finance.invoices.model import Invoice
from services.finance.invoices.series import Series


def series_of(provider_id: UUID, year: int) -> Series:
    """Return the series of a provider in a year, a new one where it has issued nothing yet."""
    series_id = Series.id_of(provider_id, year)
    return Series.find(series_id) or Series(id=series_id, provider_id=provider_id, year=year)


def waiting_for_price(module: str, provider_id: UUID | None) -> list[Invoice]:
    """Return the invoices of a module that wait for a price, of one provider or of all."""
    waiting = Invoice.objects(state="waiting_for_price")
    return [invoice for invoice in waiting if invoice.module == module and provider_id in (None, invoice.provider_id)]
