"""Institutions and enterprises whose names have arrived in finance."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from shared.contracts.parties import CONTACTS, Party
from shared.messaging import copies
from shared.messaging.ports import Heard
from shared.storage.transaction import transactional


@transactional
def billed_for(owner: UUID, *, kind: Literal["institution", "enterprise"] = "institution") -> UUID:
    """An institution, or who pays, whose name has arrived in finance."""
    about = Party(party_id=owner, version=1, kind=kind, name="Semut Contoh")
    copies.keep("finance.names", about, Heard(CONTACTS.of("enrollment")))
    return owner
