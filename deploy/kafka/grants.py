"""Says what each principal may do on the bus, from what the services declare, and tells a cluster.

A service writes its own topics and reads those that its groups listen to. It reads its own ones too, since its relay compares
the log with what it was promised, and both the control topic. Nobody but `migrate` makes a topic, or has a compacted one
forget in time; nobody deletes one: the cluster's administrator does that by hand. `docs/grants.md` is generated from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from shared.access.suspensions import groups_of
from shared.contracts.catalogue import COMPACTED
from shared.contracts.control import CONTROL_TOPIC
from shared.kernel.service import Service
from shared.messaging.kafka.positions import topics_of

Kind = Literal["topic", "group"]
WORDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")  # between the words of an operation's name
MIGRATE: Final = "migrate"
OPERATOR: Final = "operator"
EVERY_TOPIC: Final = "score."  # what all our topics begin with
OPERATIONS: Final = ("Read", "Write", "Create", "Delete", "Alter", "AlterConfigs", "Describe", "DescribeConfigs")
IMPLIES: Final = {
    "Describe": {"Read", "Write", "Delete", "Alter"},
    "DescribeConfigs": {"AlterConfigs"},
}
"""What else a broker takes for a grant of an operation."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """What a principal may do to one topic or group, or to all whose names begin so (`prefixed`)."""

    principal: str
    kind: Kind
    name: str
    operations: tuple[str, ...]
    prefixed: bool = False

    def allows(self, principal: str, kind: Kind, name: str, operation: str) -> bool:
        covers = name.startswith(self.name) if self.prefixed else name == self.name
        granting = {operation, *IMPLIES.get(operation, ())}
        return (self.principal, self.kind) == (principal, kind) and covers and bool(granting & set(self.operations))


def grants_of(services: Sequence[Service]) -> list[Grant]:
    """List the grants of these services, of whoever makes their topics, and of operators, who only look."""
    found = [grant for service in services for grant in _grants_of_service(service)]
    found.append(Grant(MIGRATE, "topic", EVERY_TOPIC, ("Create", "Describe", "Alter", "AlterConfigs"), prefixed=True))
    found.append(Grant(OPERATOR, "topic", EVERY_TOPIC, ("Describe",), prefixed=True))
    found += [Grant(OPERATOR, "topic", topics.prefix, ("DescribeConfigs",), prefixed=True) for topics in COMPACTED]
    found += [Grant(OPERATOR, "group", f"{service.name}.", ("Describe",), prefixed=True) for service in services]
    return found


def _grants_of_service(service: Service) -> Iterator[Grant]:
    groups = groups_of(service)
    read = {topic for group in groups for topic in group.topics}
    own = set(topics_of(service, ()))
    for topic in sorted(own | {CONTROL_TOPIC}):
        yield Grant(service.name, "topic", topic, ("Read", "Write"))
    for topic in sorted(read - own):
        yield Grant(service.name, "topic", topic, ("Read",))
    # a rebuilt projection leaves the group of its former generation behind, which its worker deletes
    rebuilds = any(group.projection for group in groups)
    yield Grant(service.name, "group", f"{service.name}.", ("Read", "Delete") if rebuilds else ("Read",), prefixed=True)


def allowed(grants: Iterable[Grant], principal: str, kind: Kind, name: str, operation: str) -> bool:
    return any(grant.allows(principal, kind, name, operation) for grant in grants)


def apply(admin: Any, grants: Iterable[Grant], prefix: str = "") -> int:
    """Tell a cluster; returns how many rules it has been told, those that it had already included."""
    from kafka.admin import (  # 300 ms that printing the grants need not pay
        ACL,
        ACLOperation,
        ACLPermissionType,
        ACLResourcePatternType,
        ResourcePattern,
        ResourceType,
    )

    rules = [
        ACL(
            f"User:{grant.principal}", "*", ACLOperation[WORDS.sub("_", operation).upper()], ACLPermissionType.ALLOW,
            ResourcePattern(
                ResourceType[grant.kind.upper()], prefix + grant.name,
                ACLResourcePatternType.PREFIXED if grant.prefixed else ACLResourcePatternType.LITERAL,
            ),
        )
        for grant in grants
        for operation in grant.operations
    ]  # fmt: skip
    failed = admin.create_acls(rules)["failed"]
    if failed:
        raise failed[0]
    return len(rules)
