"""Lists the modules that there are."""

from __future__ import annotations

from services.certification.catalogue.model import KnownModule


def module_codes() -> list[str]:
    return sorted(module.code for module in KnownModule.objects)
