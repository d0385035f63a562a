"""Finds the price of a module."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.prices.errors import UNKNOWN_INSTITUTION
from services.finance.prices.model import Price
from shared.contracts.parties import CONTACTS
from shared.domain.errors import Invalid
from shared.domain.not_known import refusal
from shared.kernel.context import current_principal
from shared.messaging import parties


def acting_provider(provider_id: UUID | None) -> UUID | None:
    """Return the caller's own institution, or the one that the programme names; none is an answer, too."""
    own = current_principal().institution
    if own and provider_id not in (None, own):
        raise Invalid(errors=[UNKNOWN_INSTITUTION.at("/provider_id")])
    if provider_id and not own and not _is_institution(provider_id):
        raise refusal(CONTACTS.of("enrollment"), {"/provider_id": provider_id}, UNKNOWN_INSTITUTION)
    return provider_id or own


def _is_institution(party_id: UUID) -> bool:
    party = parties.find_all([party_id]).get(party_id)
    return party is not None and party["kind"] == "institution"


def price_on(day: date, module: str, provider_id: UUID) -> Price | None:
    """Return the price in force on a day; a provider's own wins over the programme's, the newest over older ones."""
    prices = [price for price in Price.objects(module=module) if price.valid_from <= day]
    own = [price for price in prices if price.provider_id == provider_id]
    general = [price for price in prices if price.provider_id is None]
    return max(own or general, key=lambda price: price.valid_from, default=None)
