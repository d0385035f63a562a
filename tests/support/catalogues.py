"""The words of each service, read once for all tests."""

from __future__ import annotations

from functools import cache

from shared.i18n.catalogues import Catalogues
from tests.support.declared_operations import SERVICES


@cache
def catalogues_of(name: str) -> Catalogues:
    return Catalogues.of(SERVICES[name])
