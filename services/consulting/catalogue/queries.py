"""Lists the modules that there are."""

from __future__ import annotations

from services.consulting.catalogue.model import KnownModule


def is_known_module(code: str) -> bool:
    return KnownModule.find(KnownModule.id_of(code)) is not None


def module_codes() -> list[str]:
    return sorted(module.code for module in KnownModule.objects)
