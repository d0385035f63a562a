"""Says how far groups are behind: whether one has taken everything that was sent to it, and what all of them have parked.

For whoever tells people how current rows are. What an operator discarded is dropped here when its time is over.
"""

from __future__ import annotations

from datetime import datetime

from shared.kernel.clock import BEGINNING
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.ports import OPEN, Reason
from shared.observability import metrics
from shared.storage import connection
from shared.storage.transaction import in_new_transaction


def is_caught_up(group: str) -> bool:
    """Return whether a group has, in this process, its partitions and taken every record of them, and parked none."""
    if metrics.of_group(metrics.GROUP_ASSIGNED, group) != 1 or metrics.of_group(metrics.CONSUMER_LAG, group) != 0:
        return False
    return not MongoInbox(group).has_parked()


def backlog() -> dict[Reason, tuple[int, datetime | None]]:
    """Return how many records of all groups are parked for each reason, and when the oldest of them was."""
    counts: dict[Reason, tuple[int, datetime | None]] = {}
    rows = connection.database()["parked"]
    for reason in OPEN:
        parked_at = [row["parked_at"] for row in rows.find({"reason": reason}, {"parked_at": 1})]
        counts[reason] = len(parked_at), min(parked_at, default=None)
    return counts


def forget_discarded(before: datetime, limit: int) -> int:
    """Drop parked records that were discarded before a moment, at most so many; return how many went."""

    def work() -> int:
        rows = connection.database()["parked"]
        old = {"reason": "discarded", "discarded_at": {"$gte": BEGINNING, "$lt": before}}
        found = [row["_id"] for row in rows.find(old, {"_id": 1}).limit(limit)]
        return int(rows.delete_many({"_id": {"$in": found}}).deleted_count) if found else 0

    return in_new_transaction(work)
