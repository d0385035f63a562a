"""Reads of the module catalogue for pages."""

from __future__ import annotations

from services.enrollment.catalogue.model import ModuleVersion
from shared.i18n.language import localized


def module_names() -> dict[str, str]:
    """Each module of the catalogue with the name of its newest version."""
    versions = sorted(ModuleVersion.objects, key=lambda version: (version.module, version.number))
    return {version.module: localized(version.names) for version in versions}


def module_called(code: str) -> str:
    """Its code, and its name where the catalogue has one."""
    return f"{code} {module_names().get(code, '')}".strip()
