"""Keeps which modules there are."""

from __future__ import annotations

from services.consulting.catalogue.model import KnownModule
from services.consulting.catalogue.queries import is_known_module
from shared.storage.transaction import transactional


@transactional
def keep_module(code: str) -> None:
    """Keep a module of which a version entered the catalogue."""
    if not is_known_module(code):
        KnownModule(id=KnownModule.id_of(code), code=code).save()
