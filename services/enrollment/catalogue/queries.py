"""Reads of the module catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.enrollment.catalogue.errors import UNKNOWN_MODULE
from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.catalogue.plans import planned_modules
from services.enrollment.errors import refused
from shared.i18n.language import localized
from shared.kernel import clock
from shared.reference.zones import WIB


def versions_of(module: str) -> list[ModuleVersion]:
    """Return every version of a module, oldest first."""
    return sorted(ModuleVersion.objects(module=module), key=lambda version: version.number)


def current_version(module: str, on: date) -> ModuleVersion:
    """Return the newest version that is valid on a day; raises `Invalid` at `/module` where the catalogue has none."""
    valid = [version for version in versions_of(module) if version.valid_from <= on]
    if not valid:
        raise refused("/module", UNKNOWN_MODULE)
    return valid[-1]


def plan_today(plan: Sequence[str]) -> list[ModuleVersion]:
    """Return the version of each planned module that is valid today; refuses a plan that breaks a rule."""
    return planned_modules(plan, ModuleVersion.objects, clock.today(WIB))


def module_today(module: str) -> ModuleVersion:
    return current_version(module, clock.today(WIB))


def require_known(module: str, prerequisites: Sequence[str] | None) -> None:
    """Refuse prerequisites that the catalogue does not have, and a module that comes before itself."""
    catalogue = {other.module for other in ModuleVersion.objects}
    for number, needed in enumerate(prerequisites or ()):
        if needed == module or needed not in catalogue:
            raise refused(f"/prerequisites/{number}", UNKNOWN_MODULE)


def require_following(module: str, number: int | None, valid_from: date) -> None:
    """Refuse a new version whose number or first day does not follow the last one's."""
    earlier = versions_of(module)
    if number is None or number > len(earlier):
        ModuleVersion(number=number or len(earlier) + 1, valid_from=valid_from).follow(earlier)


def module_names() -> dict[str, str]:
    """Return each module of the catalogue with the name of its newest version."""
    versions = sorted(ModuleVersion.objects, key=lambda version: (version.module, version.number))
    return {version.module: localized(version.names) for version in versions}


def module_called(code: str) -> str:
    """Return a module's code, with its name where the catalogue has one."""
    return f"{code} {module_names().get(code, '')}".strip()
