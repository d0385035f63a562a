"""The commands that write the module catalogue."""

from __future__ import annotations

from typing import Any

from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.errors import conflicting, refused
from shared.kernel import ids
from shared.storage.transaction import transactional


@transactional
def publish_module_version(*, module: str, number: int | None = None, **described: Any) -> ModuleVersion:
    """A version of a module enters the catalogue, the next one where no number is given. Publishing the same version
    again changes nothing; another content under a known number is refused, since journeys rest on it."""
    versions = ModuleVersion.of(module)
    wanted = number or len(versions) + 1
    known = next((version for version in versions if version.number == wanted), None)
    if known is not None:
        if known.differs(**described):
            raise conflicting("version-published", pointer="/number")
        return known
    version = ModuleVersion(id=ids.derived("module", module, wanted), module=module, number=wanted, **described)
    version.follow(versions)
    _require_known(version)
    version.publish()
    return version.save()


def _require_known(version: ModuleVersion) -> None:
    catalogue = {known.module for known in ModuleVersion.objects}
    for number, needed in enumerate(version.prerequisites):
        if needed == version.module or needed not in catalogue:
            raise refused(f"/prerequisites/{number}", "unknown-module")
