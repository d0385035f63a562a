"""Deleting what a retired generation leaves: its rows, cursors, parked records, requests, and its group at the broker.

In slices, so that no transaction is long, and from the beginning again after an interruption. What an operator discarded
is kept, with the reason.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any

from shared.kernel.settings.current import settings
from shared.messaging.kafka.cluster import REACH_MS
from shared.messaging.kafka.topics import Topics
from shared.messaging.ports import OPEN
from shared.messaging.projections import generations
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection
from shared.storage.transaction import in_new_transaction


def clear(group: ConsumerGroup, number: int, stop: threading.Event) -> int:
    """Delete all of a generation that nobody may write any more, unless asked to stop; returns how many rows went."""
    deleted = 0
    for collection, row_ids in _remaining_rows(group, number):
        while slice_ := list(islice(row_ids, settings().retire_slice)):
            if stop.is_set():
                return deleted
            deleted += _delete(collection, slice_)
    topics = Topics(REACH_MS)
    try:
        topics.remove_group(generations.name_of(group.group, number))
    finally:
        topics.close()
    generations.mark_deleted(group.group, number)
    return deleted


def _remaining_rows(group: ConsumerGroup, number: int) -> Iterator[tuple[str, Iterator[Any]]]:
    """Yield the ids left in each collection. Read once: a limited read on the embedded store costs as much as a whole one."""
    name, database = generations.name_of(group.group, number), connection.database()
    queries: dict[str, dict[str, Any]] = {
        **{document._meta["collection"]: {"generation": number} for document in group.projection},  # noqa: SLF001
        "cursors": {"group": name},
        "parked": {"group": name, "reason": {"$in": list(OPEN)}},
        "resends": {"group": name},
        "groups": {"_id": name},
    }
    for collection, query in queries.items():
        yield collection, iter([row["_id"] for row in database[collection].find(query, {"_id": 1})])
    tries = database["attempts"].find({}, {"_id": 1})  # few: a row is there only while its record is tried
    yield "attempts", iter([row["_id"] for row in tries if row["_id"].startswith(f"{name}|")])


def _delete(collection: str, row_ids: list[Any]) -> int:
    query = {"_id": {"$in": row_ids}}
    return in_new_transaction(lambda: int(connection.database()[collection].delete_many(query).deleted_count))
