"""Finds the enterprises for which visits may be planned."""

from __future__ import annotations

from uuid import UUID

from services.consulting.enterprises.errors import UNKNOWN_ENTERPRISE, enterprise_gone
from services.consulting.enterprises.model import EnterpriseScope
from shared.contracts.events.enrollment import EnterpriseRegistered
from shared.domain.errors import Invalid
from shared.domain.not_known import refusal


def scope_of(enterprise_id: UUID) -> EnterpriseScope:
    """Return the row of an enterprise, a new one where no event told of it yet."""
    return EnterpriseScope.find(enterprise_id) or EnterpriseScope(id=enterprise_id)


def active_enterprise(enterprise_id: UUID) -> EnterpriseScope:
    """Return an enterprise of the caller's that visits may be planned for; refuses unknown and foreign ones alike, by the age of
    the id alone."""
    enterprise = EnterpriseScope.find(enterprise_id)
    if enterprise is None or enterprise.provider_id is None:
        raise refusal(EnterpriseRegistered, {"/enterprise_id": enterprise_id}, UNKNOWN_ENTERPRISE)
    if enterprise.state != "active":
        raise Invalid(errors=[enterprise_gone(enterprise.state).at("/enterprise_id")])
    return enterprise
