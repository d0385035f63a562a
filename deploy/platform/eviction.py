"""Takes dead members out of the groups of the broker.

The embedded broker never expires a member: a worker that died without leaving keeps its partitions, or blocks the group
for ever. A member is known by its client id, `<service>-worker-<pid>`, and only members on this machine are touched: a
cluster that others use is safe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import psutil

CLIENT_ID = re.compile(r"^(?P<service>[a-z_]+)-worker-(?P<pid>\d+)(?:-.*)?$")
LOOPBACK = ("127.", "/127.", "::1", "/::1", "localhost", "/0:0:0:0:0:0:0:1")


@dataclass(frozen=True, slots=True)
class Member:
    group: str
    member_id: str
    client_id: str
    pid: int


def _admin(addresses: str, timeout: float) -> Any:
    from kafka.admin import KafkaAdminClient  # 300 ms and 20 MiB, paid only when a worker has died

    from shared.messaging.kafka.cluster import way_in

    wait = int(timeout * 1000)
    return KafkaAdminClient(
        **way_in(addresses),
        client_id="score-runner",
        request_timeout_ms=wait,
        bootstrap_timeout_ms=wait,
    )


def _described(admin: Any) -> dict[str, list[dict[str, Any]]]:
    groups = [group["group_id"] for group in admin.list_groups()]
    found = admin.describe_groups(groups) if groups else {}
    return {group: description.get("members") or [] for group, description in found.items()}


def _members(described: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Member]:
    for group, members in described.items():
        for member in members:
            match = CLIENT_ID.match(member["client_id"] or "")
            if match and str(member.get("client_host") or "").startswith(LOOPBACK):
                yield Member(group, member["member_id"], member["client_id"], int(match["pid"]))


class Seen(NamedTuple):
    """What the broker says: its topics; the members on this machine whose process does not exist any more; and of each
    group asked about that has members, the partitions of its topics that no member was given."""

    topics: set[str]
    dead: list[Member]
    unread: dict[str, list[str]]


def look(addresses: str, reading: Mapping[str, Collection[str]], timeout: float = 5.0) -> Seen:
    """Look at a broker; `reading` are the topics of the groups asked about, all by their names there."""
    admin = _admin(addresses, timeout)
    try:
        topics = {topic["name"]: topic["partitions"] for topic in admin.describe_topics()}
        described = _described(admin)
    finally:
        admin.close()
    unread = {}
    for group in reading.keys() & described.keys():
        places = {(name, part["partition_index"]) for name in reading[group] for part in topics.get(name, ())}
        left = sorted(places - _given(described[group]))
        if left and described[group]:
            unread[group] = [f"{name}/{number}" for name, number in left]
    return Seen(set(topics), [one for one in _members(described) if not psutil.pid_exists(one.pid)], unread)


def _given(members: Sequence[Mapping[str, Any]]) -> set[tuple[str, int]]:
    given = [part for member in members for part in (member["member_assignment"] or {}).get("assigned_partitions", ())]
    return {(part["topic"], number) for part in given for number in part["partitions"]}


def evict(addresses: str, is_dead: Callable[[Member], bool], timeout: float = 5.0) -> list[Member]:
    """Remove the members that `is_dead` names, and return them."""
    from kafka.admin import MemberToRemove

    admin = _admin(addresses, timeout)
    try:
        dead = [member for member in _members(_described(admin)) if is_dead(member)]
        for member in dead:
            admin.remove_group_members(member.group, [MemberToRemove(member_id=member.member_id)])
        return dead
    finally:
        admin.close()


def evict_worker(addresses: str, name: str, pid: int, say: Callable[[str], None]) -> None:
    """Evict the members of a dead `<service> worker`. A failure is only said: the replacement has the same static ids."""
    from kafka.errors import KafkaError

    service = name.partition(" ")[0]

    def is_dead(member: Member) -> bool:
        return member.pid == pid and member.client_id.startswith(f"{service}-worker-")

    try:
        evicted = evict(addresses, is_dead)
    except (KafkaError, OSError) as reason:
        say(f"the groups of {name} could not be cleaned up ({type(reason).__name__}): {reason}")
        return
    if evicted:
        say(f"evicted the dead {name} from {', '.join(sorted(member.group for member in evicted))}")
