"""Finds the price of a module."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.prices.model import Price


def price_on(day: date, module: str, provider_id: UUID) -> Price | None:
    """Return the price in force on a day; a provider's own wins over the programme's, the newest over older ones."""
    prices = [price for price in Price.objects(module=module) if price.valid_from <= day]
    own = [price for price in prices if price.provider_id == provider_id]
    general = [price for price in prices if price.provider_id is None]
    return max(own or general, key=lambda price: price.valid_from, default=None)
