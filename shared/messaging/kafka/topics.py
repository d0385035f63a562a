"""Makes topics and looks at what the broker knows of groups. Topics are made by a command, never by use."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, MemberToRemove, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from shared.kernel.settings.current import settings
from shared.messaging.kafka.cluster import logical, physical, way_in

Options = Mapping[str, Mapping[str, str]]
"""Options by the names of topics."""


def _retention() -> dict[str, str]:
    config = settings()
    return {"retention.ms": str(config.topic_retention_ms), "retention.bytes": str(config.topic_retention_bytes)}


def _forgetting() -> dict[str, str]:
    """Return the options by which a compacted topic forgets what was replaced or erased.

    A broker compacts closed segments only, and without these it closes one after a week or a gigabyte. What is sent once
    more after `SCORE_CONTACTS_COMPACTION_MS` (`outbox.compacted`) closes the segment, which is half as old at the least.
    """
    config = settings()
    bounded = config.topic_retention_ms >= 0
    return {
        "cleanup.policy": "compact,delete" if bounded else "compact",
        "segment.ms": str(max(1, config.contacts_compaction_ms // 2)),
        "max.compaction.lag.ms": str(config.contacts_compaction_ms),
        **(_retention() if bounded else {}),
    }


def _plain(value: str) -> list[str]:
    """Return a value in a form in which equal ones are equal: a broker may write a list in another order."""
    return sorted(part.strip() for part in value.split(","))


class Topics:
    """Makes the topics, once, from the declarations."""

    def __init__(self, reach_ms: int = 30_000) -> None:
        """`reach_ms` is how long a broker that does not answer is waited for."""
        self._admin = KafkaAdminClient(
            **way_in(), client_id=f"score-migrate-{os.getpid()}", bootstrap_timeout_ms=reach_ms
        )

    def create(self, events: Iterable[str], compacted: Sequence[str]) -> list[str]:
        """Create what is missing, and set right what exists, which a broker may have made by use; returns what was created.

        Event topics get the partitions that they lack. A compacted topic keeps those it has: what says that somebody is
        erased has to reach the partition in which the person's records are.
        """
        config = settings()
        options_by_name = dict.fromkeys(events, _retention()) | dict.fromkeys(compacted, _forgetting())
        existing = self.existing()
        there = {name: options for name, options in options_by_name.items() if name in existing}
        missing = {name: options for name, options in options_by_name.items() if name not in existing}
        self._correct(there)
        self._widen([name for name in there if name not in set(compacted)])
        copies = config.topic_replication or min(3, self._brokers())
        safe = {"min.insync.replicas": str(config.topic_min_isr or max(1, copies - 1))}
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

    def differing(self, compacted: Iterable[str]) -> Options:
        """Return of each compacted topic the options by which it would not forget as it should, with their values there."""
        return self._differing(dict.fromkeys(compacted, _forgetting()))

    def _differing(self, wanted: Options) -> Options:
        resources = [ConfigResource(ConfigResourceType.TOPIC, physical(name)) for name in wanted]
        found = self._admin.describe_configs(resources, config_filter="all")["topic"] if resources else {}
        differing = {
            logical(name): {
                option: str(options.get(option, {}).get("value"))
                for option, value in wanted[logical(name)].items()
                if _plain(str(options.get(option, {}).get("value"))) != _plain(value)
            }
            for name, options in found.items()
        }
        return {name: options for name, options in differing.items() if options}

    def _correct(self, wanted: Options) -> None:
        """Set what differs; raises what the broker says against it."""
        changes = [
            ConfigResource(
                ConfigResourceType.TOPIC, physical(name), {option: wanted[name][option] for option in options}
            )
            for name, options in self._differing(wanted).items()
        ]
        answers = self._admin.alter_configs(changes)["topic"] if changes else {}
        refused = {name: answer for name, answer in answers.items() if answer != "OK"}
        if refused:
            raise KafkaError(f"the options of topics could not be set: {refused}")

    def _widen(self, names: Sequence[str]) -> None:
        """Add the partitions that topics lack."""
        partitions = settings().topic_partitions
        found = self._admin.describe_topics([physical(name) for name in names]) if names else []
        narrow = {topic["name"]: partitions for topic in found if len(topic["partitions"]) < partitions}
        if narrow:
            self._admin.create_partitions(narrow)

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
