"""Collections and their indexes, made by one command before any process starts, checked by every process at its start.

Never implicitly: two connections that create one collection at once can hang the embedded store, and a missing unique
index is a broken promise. A collection that `shared` needs is declared in `SHARED`, a service's own on its documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database

from shared.runtime.service import Service

Collections = Mapping[str, tuple[IndexModel, ...]]


def index(*keys: str, **options: Any) -> IndexModel:
    """`index("provider", "-created_at")`; options as PyMongo's (`unique`, `sparse`, `expireAfterSeconds`)."""
    return IndexModel(
        [(key.removeprefix("-"), DESCENDING if key.startswith("-") else ASCENDING) for key in keys], **options
    )


def unique(*keys: str, **options: Any) -> IndexModel:
    return index(*keys, unique=True, **options)


def collections_of(service: Service) -> Collections:
    # imported here: these modules declare their collections with `index` above
    from shared.messaging import (
        contact_outbox,
        contacts,
        generations,
        inbox,
        lease,
        mergers,
        outbox,
        relay_state,
        resend,
        suspensions,
    )
    from shared.web import access_log, idempotency

    found: dict[str, tuple[IndexModel, ...]] = {"migrations": ()}
    messaging = (outbox, contact_outbox, relay_state, inbox, generations, lease, resend, contacts, suspensions, mergers)
    for part in (*messaging, idempotency, access_log):
        found.update(part.COLLECTIONS)
    for document in service.documents:
        found[document._meta["collection"]] = tuple(document.INDEXES)  # noqa: SLF001
    return found


def create(database: Database[dict[str, Any]], collections: Collections) -> None:
    existing = set(database.list_collection_names())
    for name, models in collections.items():
        if name not in existing:
            database.create_collection(name)
        if models:
            database[name].create_indexes(list(models))


def missing(database: Database[dict[str, Any]], collections: Collections) -> list[str]:
    """In words, what the store lacks of what the code declares."""
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
    return (tuple((key, int(order)) for key, order in keys), *(repr(spec.get(name) or None) for name in options))
