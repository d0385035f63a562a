"""Knows every event that any service publishes, whichever modules happen to be imported."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from shared.contracts import events
from shared.contracts.event import CONTRACTS, Event, owner_of


def all_events(owner: str | None = None) -> tuple[type[Event], ...]:
    """Return every event that any service publishes, or those of one owner, ordered by type."""
    _import_contracts()
    events = CONTRACTS.classes.items()
    return tuple(cls for _, cls in sorted(events) if owner is None or owner_of(cls).name == owner)


def class_for(type_of: str) -> type[Event] | None:
    """Return the class of a type, or None where this release does not know it (a newer publisher's event)."""
    _import_contracts()
    return CONTRACTS.classes.get(type_of)


@cache
def _import_contracts() -> None:
    """Import the contracts: a type is known wherever it is read, whichever modules happen to be imported."""
    for module in pkgutil.iter_modules(events.__path__, f"{events.__name__}."):
        importlib.import_module(module.name)
