"""Keeps which modules there are."""

from __future__ import annotations

from services.certification.catalogue.model import KnownModule
from shared.storage.transaction import transactional


@transactional
def keep_module(code: str) -> None:
    """Keep a module of which a version entered the catalogue."""
    module_id = KnownModule.id_of(code)
    if KnownModule.find(module_id) is None:
        KnownModule(id=module_id, code=code).save()
