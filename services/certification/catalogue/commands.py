"""Keeps which modules there are."""

from __future__ import annotations

from services.certification.catalogue.model import KnownModule
from shared.storage.transaction import transactional


@transactional
def keep_module(code: str) -> None:
    """A version of a module entered the catalogue."""
    KnownModule.keep(code)
