"""Makes topics and looks at what the broker knows of groups. Topics are made by a command, never by use."""

from __future__ import annotations

import os
from collections.abc import Iterable

from kafka import KafkaAdminClient
from kafka.admin import MemberToRemove, NewTopic
from kafka.errors import TopicAlreadyExistsError, for_code

from shared.kernel.settings.current import settings
from shared.messaging.kafka.cluster import addresses, logical, physical


class Topics:
    """Makes the topics, once, from the declarations."""

    def __init__(self, reach_ms: int = 30_000) -> None:
        """`reach_ms` is how long a broker that does not answer is waited for."""
        self._admin = KafkaAdminClient(
            bootstrap_servers=addresses(), client_id=f"score-migrate-{os.getpid()}", bootstrap_timeout_ms=reach_ms
        )

    def create(self, events: Iterable[str], compacted: Iterable[str]) -> list[str]:
        """Create what is missing; returns the names created."""
        config = settings()
        bounded = config.topic_retention_ms >= 0
        retention = {
            "retention.ms": str(config.topic_retention_ms),
            "retention.bytes": str(config.topic_retention_bytes),
        }
        newest = {"cleanup.policy": "compact,delete" if bounded else "compact", **(retention if bounded else {})}
        options_by_name = dict.fromkeys(events, retention) | dict.fromkeys(compacted, newest)
        existing = set(self._admin.list_topics())
        copies = config.topic_replication or min(3, self._brokers())
        safe = {"min.insync.replicas": str(config.topic_min_isr or max(1, copies - 1))}
        missing = {name: options for name, options in options_by_name.items() if physical(name) not in existing}
        topics = [
            NewTopic(physical(name), config.topic_partitions, copies, topic_configs=options | safe)
            for name, options in missing.items()
        ]
        answers = self._admin.create_topics(topics, raise_errors=False)["topics"] if topics else []
        refused = {
            logical(answer["name"]): for_code(answer["error_code"]) for answer in answers if answer["error_code"]
        }
        for name, reason in refused.items():
            if reason is not TopicAlreadyExistsError:
                raise reason(name)
        made = [name for name in missing if name not in refused]
        self._admin.wait_for_topics([physical(name) for name in made])  # until each partition has a leader
        return made

    def _brokers(self) -> int:
        """Count the brokers, dead ones too: with fewer copies than meant, topics would stay so."""
        try:
            return len(self._admin.describe_cluster()["brokers"])
        except KeyError:  # the embedded broker, which is alone, answers in a version that the client cannot read
            return 1

    def existing(self) -> set[str]:
        return {logical(name) for name in self._admin.list_topics()}

    def committed(self) -> dict[str, dict[tuple[str, int], int]]:
        """Return the next offset that each group of the broker reads, per topic and partition; change nothing."""
        names = [group["group_id"] for group in self._admin.list_groups()]
        by_group = {}
        for name in names:
            if name.startswith(settings().topic_prefix):
                offsets = self._admin.list_group_offsets({name: None})[name]  # one by one: older brokers know no more
                by_group[logical(name)] = {(logical(tp.topic), tp.partition): at.offset for tp, at in offsets.items()}
        return by_group

    def remove_group(self, group: str) -> None:
        """Delete a group that nobody needs any more, with its offsets and the members that it still counts.

        A static member does not leave when it ends, and a broker deletes no group with members.
        """
        name = physical(group)
        members = self._admin.describe_groups([name])[name]["members"]
        if members:
            self._admin.remove_group_members(
                name, [MemberToRemove(member_id=member["member_id"]) for member in members]
            )
        self._admin.delete_groups([name])

    def close(self) -> None:
        self._admin.close()
