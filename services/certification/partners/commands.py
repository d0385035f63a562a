"""Keeps what enrollment last said of each institution."""

from __future__ import annotations

from uuid import UUID

from services.certification.partners.model import Partner
from shared.storage.transaction import transactional


@transactional
def keep_partner(institution_id: UUID, *, kind: str | None = None, suspended: bool = False) -> None:
    """Keep what enrollment last said of an institution."""
    partner = Partner.find(institution_id) or Partner(id=institution_id)
    partner.kind, partner.suspended = kind or partner.kind, suspended
    partner.save()
