"""What principals may do on the bus follows from the declarations, and no more than that."""

from __future__ import annotations

import pytest

from deploy.kafka.grants import MIGRATE, OPERATOR, allowed, grants_of
from deploy.platform.declarations import expected_topics
from shared.access.suspensions import groups_of
from shared.contracts.catalogue import compacted_topics
from shared.contracts.control import CONTROL_TOPIC
from shared.kernel.service import Service, declared

SERVICES = declared()
GRANTS = grants_of(SERVICES)
TOPICS = {*expected_topics(SERVICES).events, *expected_topics(SERVICES).compacted}
NAMES = [service.name for service in SERVICES]


def may(principal: str, operation: str) -> set[str]:
    """The topics of which this is granted."""
    return {topic for topic in TOPICS if allowed(GRANTS, principal, "topic", topic, operation)}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_writes_what_it_owns_and_reads_what_it_hears(service: Service) -> None:
    own = {service.event_topic, CONTROL_TOPIC, *compacted_topics([service.name])}
    assert may(service.name, "Write") == own
    assert may(service.name, "Read") == own | {topic for group in groups_of(service) for topic in group.topics}
    assert may(service.name, "Describe") == may(service.name, "Read")


@pytest.mark.parametrize("owner", NAMES)
def test_a_topic_has_one_writer(owner: str) -> None:
    topics = {f"score.{owner}", *compacted_topics([owner])}
    for topic in topics:
        assert [name for name in (*NAMES, MIGRATE, OPERATOR) if topic in may(name, "Write")] == [owner]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_has_its_own_groups_and_nobody_elses(service: Service) -> None:
    for group in [group.group for group in groups_of(service)] + [f"{service.name}.control"]:
        assert [name for name in (*NAMES, MIGRATE, OPERATOR) if allowed(GRANTS, name, "group", group, "Read")] == [
            service.name
        ]
    rebuilds = any(group.projection for group in groups_of(service))
    assert allowed(GRANTS, service.name, "group", f"{service.name}.any", "Delete") is rebuilds


def test_topics_are_made_by_one_and_deleted_by_nobody() -> None:
    assert {name for name in (*NAMES, MIGRATE, OPERATOR) if may(name, "Create")} == {MIGRATE}
    assert may(MIGRATE, "Create") == TOPICS
    assert not any(may(MIGRATE, operation) for operation in ("Read", "Write"))
    assert not any(may(OPERATOR, operation) for operation in ("Read", "Write", "Create"))
    assert not any(may(name, "Delete") for name in (*NAMES, MIGRATE, OPERATOR))
    for operation in ("Alter", "AlterConfigs"):
        assert may(MIGRATE, operation) == TOPICS, "it sets right what came into being by use"
        assert not any(may(name, operation) for name in (*NAMES, OPERATOR))
    assert may(OPERATOR, "DescribeConfigs") == set(compacted_topics(NAMES))
    assert not [grant for grant in GRANTS if grant.kind == "topic" and grant.prefixed and grant.principal in NAMES]
