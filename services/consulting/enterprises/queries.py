"""Finds the enterprises for which visits may be planned."""

from __future__ import annotations

from uuid import UUID

from services.consulting.enterprises.errors import UNKNOWN_ENTERPRISE, enterprise_gone
from services.consulting.enterprises.model import EnterpriseScope
from shared.domain.errors import Invalid


def scope_of(enterprise_id: UUID) -> EnterpriseScope:
    """Return the row of an enterprise, a new one where no event told of it yet."""
    return EnterpriseScope.find(enterprise_id) or EnterpriseScope(id=enterprise_id)


def active_enterprise(enterprise_id: UUID) -> EnterpriseScope:
    """Return an enterprise of the caller's that visits may be planned for; refuses unknown and foreign ones alike."""
    enterprise = EnterpriseScope.find(enterprise_id)
    if enterprise is None or enterprise.provider_id is None:
        raise Invalid(errors=[UNKNOWN_ENTERPRISE.at("/enterprise_id")])
    if enterprise.state != "active":
        raise Invalid(errors=[enterprise_gone(enterprise.state).at("/enterprise_id")])
    return enterprise
