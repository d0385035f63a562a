"""Knows every event that any service publishes, whichever modules happen to be imported."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from shared.contracts import events
from shared.contracts.event import CONTRACTS, Fact, owner_of


def all_facts(owner: str | None = None) -> tuple[type[Fact], ...]:
    """Every fact that any service publishes, or those of one owner, ordered by type."""
    _import_contracts()
    facts = CONTRACTS.classes.items()
    return tuple(cls for _, cls in sorted(facts) if owner is None or owner_of(cls).name == owner)


def class_for(fact_type: str) -> type[Fact] | None:
    """The class of a type, or None where this release does not know it (a newer publisher's fact)."""
    _import_contracts()
    return CONTRACTS.classes.get(fact_type)


@cache
def _import_contracts() -> None:
    """A type is known wherever it is read, whichever modules happen to be imported."""
    for module in pkgutil.iter_modules(events.__path__, f"{events.__name__}."):
        importlib.import_module(module.name)
