"""What enrollment can be asked about institutions, the module catalogue and enterprises."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.enrollment.enterprise import Contact, Enterprise, Persons
from services.enrollment.institution import Institution
from services.enrollment.module_version import ModuleVersion
from services.enrollment.refusals import refused
from shared.errors import Invalid, NotFound
from shared.messaging.contact_outbox import tell
from shared.runtime import ids
from shared.runtime.context import current_principal
from shared.storage.transaction import transactional


@transactional
def register_institution(**described: Any) -> Institution:
    """A partner institution enters the register."""
    institution = Institution(**described)
    institution.register()
    institution.save()
    tell(institution.party())
    return institution


@transactional
def suspend_institution(institution_id: UUID, reason: str) -> Institution:
    institution = Institution.get(institution_id)
    institution.suspend(reason)
    return institution.save()


@transactional
def publish_module_version(*, module: str, number: int, **described: Any) -> ModuleVersion:
    """A version of a module enters the catalogue; publishing the same version again changes nothing."""
    version_id = ids.derived("module", module, number)
    known = ModuleVersion.find(version_id)
    if known:
        return known
    version = ModuleVersion(id=version_id, module=module, number=number, **described)
    version.publish()
    return version.save()


@transactional
def register_enterprise(
    *, headcount: dict[str, int], contact: dict[str, str], provider_id: UUID | None = None, **described: Any
) -> Enterprise:
    """An enterprise signs up with a provider: the caller's own institution, or the one the programme names."""
    provider = acting_provider(provider_id)
    enterprise = Enterprise(
        **described, headcount=Persons(**headcount), contact=Contact(**contact), provider_id=provider.id
    )
    enterprise.register()
    enterprise.save()
    tell(enterprise.party())
    return enterprise


def acting_provider(provider_id: UUID | None) -> Institution:
    """The caller's own institution; the programme names one."""
    own = current_principal().institution
    wanted = own or provider_id
    if wanted is None:
        raise Invalid("/provider_id", "required")
    try:
        provider = Institution.get(wanted)
    except NotFound:
        raise refused("/provider_id", "unknown-institution") from None
    if provider_id not in (None, wanted):
        raise refused("/provider_id", "unknown-institution")
    if provider.state != "active":
        raise refused("/provider_id", "institution-suspended")
    return provider
