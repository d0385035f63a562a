"""Looks at what the broker holds of each topic, and how far each group is behind its end; changes nothing.

What retention took before a group read it is not counted as behind: its owner sends that again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from shared.contracts.catalogue import compacted_topics
from shared.kernel.service import Service
from shared.messaging.ports import Bounds
from shared.messaging.subscriptions import ConsumerGroup

Committed = Mapping[str, Mapping[tuple[str, int], int]]


def topic_of(name: str, kept: Mapping[int, Bounds], readers: set[str], committed: Committed) -> dict[str, Any]:
    """Return a topic as data. A group that has committed nothing has all of it before it."""
    listening = readers | {group for group, places in committed.items() if any(topic == name for topic, _ in places)}
    return {
        "topic": name,
        "partitions": [
            {"partition": number, "start": bounds.start, "end": bounds.end} for number, bounds in sorted(kept.items())
        ],
        "groups": [
            {
                "group": group,
                "lag": sum(
                    max(0, bounds.end - max(bounds.start, committed.get(group, {}).get((name, number), 0)))
                    for number, bounds in kept.items()
                ),
                "committed": {
                    str(number): committed.get(group, {}).get((name, number)) for number in sorted(kept)
                },
            }
            for group in sorted(listening)
        ],
    }  # fmt: skip


def readers_of(groups: Iterable[ConsumerGroup]) -> dict[str, set[str]]:
    """Return the names of these groups, per topic that they read."""
    readers: dict[str, set[str]] = {}
    for group in groups:
        for topic in group.topics:
            readers.setdefault(topic, set()).add(group.group)
    return readers


def topics_of(service: Service, groups: Iterable[ConsumerGroup]) -> list[str]:
    """List the topics that a service owns, then those that its groups read of others."""
    own = [service.event_topic, *compacted_topics([service.name])]
    return [*own, *sorted(readers_of(groups).keys() - set(own))]


def look(names: Sequence[str], groups: Iterable[ConsumerGroup], owners: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield each topic as data, without partitions where the broker has no such topic; raises `Unreachable`.

    Listed are these `groups`, which `owners` declare, and those of any of `owners`, declared or not, that ever read it.
    """
    from shared.messaging.kafka.cluster import REACH_MS  # 400 ms that a program which only asks need not pay
    from shared.messaging.kafka.producer import KafkaLog
    from shared.messaging.kafka.topics import Topics

    readers = readers_of(groups)
    declared = {name for group_names in readers.values() for name in group_names}
    with closing(Topics(reach_ms=REACH_MS)) as topics, closing(KafkaLog("score-positions")) as log:
        existing = topics.existing()
        committed = {
            group: places for group, places in topics.committed().items()
            if group in declared or group.partition(".")[0] in owners
        }  # fmt: skip
        for name in names:
            bounds = log.bounds(name) if name in existing else {}
            waiting = {group for group in readers.get(name, set()) if not _is_replaced(group, committed)}
            yield topic_of(name, bounds, waiting, committed)


def _is_replaced(group: str, committed: Committed) -> bool:
    """Return whether a later generation of a projection reads in place of the group with the declared name."""
    return group not in committed and any(re.fullmatch(rf"{re.escape(group)}\.\d+", other) for other in committed)
