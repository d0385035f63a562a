"""Keeps which modules there are."""

from __future__ import annotations

from services.consulting.catalogue.model import KnownModule
from shared.kernel import ids
from shared.storage.transaction import transactional


@transactional
def keep_module(code: str) -> None:
    """A version of a module entered the catalogue."""
    if KnownModule.of(code) is None:
        KnownModule(id=ids.derived("module", code), code=code).save()
