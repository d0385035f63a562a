"""Says whether a consumer group has taken everything that was sent to it, for whoever tells people how current its rows are."""

from __future__ import annotations

from shared.messaging.inbox.store import MongoInbox
from shared.observability import metrics


def is_caught_up(group: str) -> bool:
    """Return whether a group has, in this process, its partitions and taken every record of them, and parked none."""
    if metrics.of_group(metrics.GROUP_ASSIGNED, group) != 1 or metrics.of_group(metrics.CONSUMER_LAG, group) != 0:
        return False
    return not MongoInbox(group).has_parked()
