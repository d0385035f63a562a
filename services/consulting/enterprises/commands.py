"""Keeps which provider each enterprise has."""

from __future__ import annotations

from uuid import UUID

from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.enterprises.queries import scope_of
from shared.storage.transaction import transactional


@transactional
def keep_enterprise(enterprise_id: UUID, *, provider_id: UUID, province: str) -> None:
    """Keep an enterprise that signed up with a provider, or whose data were corrected."""
    enterprise = scope_of(enterprise_id)
    enterprise.provider_id, enterprise.province = provider_id, province
    enterprise.save()


@transactional
def merge_enterprise(merged_id: UUID, *, kept_id: UUID) -> None:
    """Merge two registrations of one enterprise: nothing more is planned for the one that was given up."""
    enterprise = scope_of(merged_id)
    enterprise.state, enterprise.merged_into = "merged", kept_id
    enterprise.plannings += 1
    enterprise.save()


@transactional
def commit_enterprise(enterprise_id: UUID) -> EnterpriseScope:
    """Keep that an enterprise signed its commitment."""
    enterprise = scope_of(enterprise_id)
    enterprise.committed = True
    enterprise.plannings += 1
    return enterprise.save()
