"""Publishes versions of modules."""

from __future__ import annotations

from typing import Unpack

from services.enrollment.catalogue.errors import VERSION_PUBLISHED
from services.enrollment.catalogue.model import ModuleContent, ModuleVersion
from services.enrollment.catalogue.queries import require_known, versions_of
from services.enrollment.errors import conflicting
from shared.domain.refusals import Refusals
from shared.messaging.outbox.compacted import publish_reference
from shared.storage.transaction import transactional


@transactional
def publish_module_version(
    *, module: str, number: int | None = None, **content: Unpack[ModuleContent]
) -> ModuleVersion:
    """Enter a version of a module in the catalogue, the next one where no number is given. Publishing the same version
    again changes nothing; another content under a known number is refused, since journeys rest on it."""
    versions = versions_of(module)
    version_number = number or len(versions) + 1
    published = next((version for version in versions if version.number == version_number), None)
    if published is not None:
        if not published.holds(content):
            raise conflicting(VERSION_PUBLISHED, pointer="/number")
        return published
    version = ModuleVersion(
        id=ModuleVersion.id_of(module, version_number), module=module, number=version_number, **content
    )
    faults = Refusals()
    with faults.gather():
        version.follow(versions)
    with faults.gather():
        require_known(module, version.prerequisites)
    faults.end()
    version.publish()
    version.save()
    publish_reference(version.title(), new=True)
    return version
