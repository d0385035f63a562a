"""Reads of the module catalogue."""

from __future__ import annotations

from datetime import date

from services.enrollment.catalogue.errors import UNKNOWN_MODULE
from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.errors import refused
from shared.i18n.language import localized


def versions_of(module: str) -> list[ModuleVersion]:
    """Return every version of a module, oldest first."""
    return sorted(ModuleVersion.objects(module=module), key=lambda version: version.number)


def current_version(module: str, on: date) -> ModuleVersion:
    """Return the newest version that is valid on a day; raises `Invalid` at `/module` where the catalogue has none."""
    valid = [version for version in versions_of(module) if version.valid_from <= on]
    if not valid:
        raise refused("/module", UNKNOWN_MODULE)
    return valid[-1]


def module_names() -> dict[str, str]:
    """Return each module of the catalogue with the name of its newest version."""
    versions = sorted(ModuleVersion.objects, key=lambda version: (version.module, version.number))
    return {version.module: localized(version.names) for version in versions}


def module_called(code: str) -> str:
    """Return a module's code, with its name where the catalogue has one."""
    return f"{code} {module_names().get(code, '')}".strip()
