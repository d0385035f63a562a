"""How current the figures are.

A timer of the worker looks whether the group that keeps the rows stands at the end of its topics with nothing parked, and
notes the moment. `lag_seconds` is 0 while such a moment was just now, else the time since the last one: nobody can say then
what the figures lack. It is null before the first one. With several workers the one that holds the timers looks at its own
partitions. What another service has not sent yet is not known here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import mongoengine as me
from prometheus_client import REGISTRY

from shared.messaging.generations import current_name
from shared.runtime import clock, ids
from shared.runtime.context import Principal
from shared.storage import connection
from shared.storage.aggregate import StoredDocument

GROUP = "reporting.results"


class Standing(StoredDocument):
    """The one row that says when everything sent had last been counted."""

    meta: ClassVar[dict[str, Any]] = {"collection": "standing"}

    caught_up_at = me.DateTimeField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        del principal
        return {}

    @classmethod
    def of_group(cls) -> Standing:
        row_id = ids.derived("standing", GROUP)
        return cls.find(row_id) or cls(id=row_id)


def caught_up() -> bool:
    """Whether the group of the generation that is read has, in this process, taken every record and parked none."""
    group = current_name(GROUP)
    labels = {"group": group}
    if not REGISTRY.get_sample_value("score_group_assigned", labels):
        return False
    if REGISTRY.get_sample_value("score_consumer_lag_events", labels) != 0:
        return False
    open_reasons = {"$in": ["gap", "waiting", "failed"]}
    return connection.database()["parked"].find_one({"group": group, "reason": open_reasons}, {"_id": 1}) is None


def lag_seconds(caught_up_at: datetime | None, tolerated: float) -> int | None:
    if caught_up_at is None:
        return None
    behind = (clock.now() - caught_up_at).total_seconds()
    return 0 if behind <= tolerated else int(behind)
