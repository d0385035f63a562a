"""Finds the enterprises for which visits may be planned."""

from __future__ import annotations

from uuid import UUID

from services.consulting.enterprises.model import EnterpriseScope
from shared.domain.errors import Invalid
from shared.kernel.message import Message


def scope_of(enterprise_id: UUID) -> EnterpriseScope:
    """Return the row of an enterprise, a new one where no event told of it yet."""
    return EnterpriseScope.find(enterprise_id) or EnterpriseScope(id=enterprise_id)


def active_enterprise(enterprise_id: UUID) -> EnterpriseScope:
    """Return an enterprise of the caller's that visits may be planned for; refuses unknown and foreign ones alike."""
    enterprise = EnterpriseScope.find(enterprise_id)
    if enterprise is None or enterprise.provider_id is None:
        words = Message("This enterprise is not known.")
        raise Invalid("/enterprise_id", "unknown-enterprise", words)
    if enterprise.state != "active":
        words = Message("This enterprise is no longer in the programme.")
        raise Invalid("/enterprise_id", f"enterprise-{enterprise.state}", words)
    return enterprise
