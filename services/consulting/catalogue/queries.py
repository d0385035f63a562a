"""Lists the modules that there are, and requires that one is among them."""

from __future__ import annotations

from services.consulting.catalogue.errors import UNKNOWN_MODULE
from services.consulting.catalogue.model import KnownModule
from shared.domain.errors import Invalid


def is_known_module(code: str) -> bool:
    return KnownModule.find(KnownModule.id_of(code)) is not None


def require_module(code: str) -> None:
    """Refuse a module that no catalogue has told of."""
    if not is_known_module(code):
        raise Invalid(errors=[UNKNOWN_MODULE.at("/module")])


def module_codes() -> list[str]:
    return sorted(module.code for module in KnownModule.objects)
