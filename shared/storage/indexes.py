"""Collections and their indexes, made by one command before any process starts, checked by every process at its start.

Never implicitly: two connections that create one collection at once can hang the embedded store, and a missing unique
index is a broken promise. Whoever stores rows declares its collections; `shared.process.collections` has them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database

Collections = Mapping[str, tuple[IndexModel, ...]]


def index(*keys: str, **options: Any) -> IndexModel:
    """Declare an index: `index("provider", "-created_at")`; options as PyMongo's (`unique`, `sparse`, `expireAfterSeconds`)."""
    return IndexModel(
        [(key.removeprefix("-"), DESCENDING if key.startswith("-") else ASCENDING) for key in keys], **options
    )


def unique(*keys: str, **options: Any) -> IndexModel:
    return index(*keys, unique=True, **options)


def by_time(*owners: str) -> tuple[IndexModel, ...]:
    """Declare what lists in the order of rows or of their changes are read by: all rows, and those of each owner's field."""
    fields = [*((owner,) for owner in owners), ()]
    return tuple(index(*field, moment) for field in fields for moment in ("created_at", "updated_at"))


def create(database: Database[dict[str, Any]], collections: Collections) -> None:
    existing = set(database.list_collection_names())
    for name, models in collections.items():
        if name not in existing:
            database.create_collection(name)
        if models:
            database[name].create_indexes(list(models))


def missing(database: Database[dict[str, Any]], collections: Collections) -> list[str]:
    """Say in words what the store lacks of what the code declares."""
    existing = set(database.list_collection_names())
    problems = [f"collection {name}" for name in collections if name not in existing]
    for name, models in collections.items():
        if name in existing and models:
            present = {_signature(spec) for spec in database[name].list_indexes()}
            problems += [
                f"index {model.document['name']} of {name}"
                for model in models
                if _signature(model.document) not in present
            ]
    return problems


def _signature(spec: Mapping[str, Any]) -> tuple[Any, ...]:
    keys: Iterable[tuple[str, Any]] = spec["key"].items()
    options = ("unique", "sparse", "expireAfterSeconds", "partialFilterExpression")
    return (
        tuple((key, int(order)) for key, order in keys),
        *(repr(_plain(spec.get(name)) or None) for name in options),
    )


def _plain(value: Any) -> Any:
    """Return what a server tells in documents of its own kind as what the code declares."""
    return {key: _plain(part) for key, part in value.items()} if isinstance(value, Mapping) else value
