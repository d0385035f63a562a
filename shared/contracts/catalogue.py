"""Knows everything that any service publishes: events, whichever modules happen to be imported, and compacted topics."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from typing import Final

from shared.contracts import events
from shared.contracts.event import CONTRACTS, Event, owner_of
from shared.contracts.parties import CONTACTS
from shared.contracts.reference import REFERENCE
from shared.contracts.wire.compacted import CompactedTopics

COMPACTED: Final = (CONTACTS, REFERENCE)


def all_events(owner: str | None = None) -> tuple[type[Event], ...]:
    """Return every event that any service publishes, or those of one owner, ordered by type."""
    _import_contracts()
    events = CONTRACTS.classes.items()
    return tuple(cls for _, cls in sorted(events) if owner is None or owner_of(cls).name == owner)


def class_for(type_of: str) -> type[Event] | None:
    """Return the class of a type, or None where this release does not know it (a newer publisher's event)."""
    _import_contracts()
    return CONTRACTS.classes.get(type_of)


def is_known(type_of: str) -> bool:
    """Say whether anything of this type travels on any topic, as far as this release knows."""
    return class_for(type_of) is not None or any(type_of in topics.entries for topics in COMPACTED)


def compacted_topics(owners: Iterable[str]) -> tuple[str, ...]:
    """Return the compacted topics of these owners, kind by kind."""
    named = tuple(owners)
    return tuple(topics.of(owner) for topics in COMPACTED for owner in named if owner in topics.owners)


def kind_of_topic(topic: str) -> CompactedTopics | None:
    """Return to which kind of compacted topics one belongs; None for a topic of events."""
    return next((topics for topics in COMPACTED if topic.startswith(topics.prefix)), None)


@cache
def _import_contracts() -> None:
    """Import the contracts: a type is known wherever it is read, whichever modules happen to be imported."""
    for module in pkgutil.iter_modules(events.__path__, f"{events.__name__}."):
        importlib.import_module(module.name)
