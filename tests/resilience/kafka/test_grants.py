"""The bus knows who is who: TLS and a login for everybody, and each principal may do what is declared, cell by cell."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.admin import (
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.errors import AuthorizationError, ClusterAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from deploy.kafka.grants import MIGRATE, OPERATIONS, OPERATOR, allowed, apply, grants_of
from deploy.platform.declarations import expected_topics
from shared.access.suspensions import groups_of
from shared.contracts.control import CONTROL_TOPIC
from shared.kernel.service import Service
from shared.messaging.kafka.cluster import way_in
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.kafka.log_ends import LogEnds
from shared.messaging.kafka.positions import look, topics_of
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.kafka.topics import Topics
from tests.resilience.kafka.ground import until
from tests.resilience.kafka.guarded import PRINCIPALS, SERVICES, Guarded, tried
from tests.support.certificates import Authority

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning"),
]

EXPECTED = expected_topics(SERVICES)
TOPICS = (*EXPECTED.events, *EXPECTED.compacted)
MISSING = ("score.unheard-of", "elsewhere")
OF_GROUPS = ("Describe", "Read", "Delete")
GRANTS = grants_of(SERVICES)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """A broker on which `migrate` has made the topics, each with a record in it."""
    running = Guarded(tmp_path_factory.mktemp("guarded"))
    try:
        running.prepare()
        with running.as_principal(MIGRATE), closing(Topics()) as topics:
            assert sorted(topics.create(EXPECTED.events, EXPECTED.compacted)) == sorted(TOPICS)
            with running.as_principal(MIGRATE, SCORE_CONTACTS_COMPACTION_MS="7200000"):
                assert topics.create(EXPECTED.events, EXPECTED.compacted) == [], "they are set right"
        with running.as_administrator(), closing(KafkaLog("tests")) as log:
            for topic in TOPICS:
                for number in range(20):  # so that every partition has one
                    log.send(topic, str(number).encode(), [], b"{}")
        yield running
    finally:
        running.stop()
        gc.collect()


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_each_cell_of_the_grid_is_as_declared(guarded: Guarded, principal: str) -> None:
    with tried(guarded, principal) as client:
        found = {(topic, operation): client.may(operation, topic) for topic, operation in product(TOPICS, OPERATIONS)}
        found |= {(topic, "Create"): client.may("Create", topic) for topic in MISSING}
        with_groups = {
            (service.name, operation): client.may_with_group(operation, f"{service.name}.probe")
            for service, operation in product(SERVICES, OF_GROUPS)
        }
    declared = {(topic, operation): allowed(GRANTS, principal, "topic", topic, operation) for topic, operation in found}
    differing = {cell: may for cell, may in found.items() if may is not declared[cell]}
    assert differing == {}, "what was found; the opposite is declared"
    of_groups = {
        (name, operation): allowed(GRANTS, principal, "group", f"{name}.probe", operation)
        for name, operation in with_groups
    }
    assert with_groups == of_groups


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_nobody_makes_logins_or_grants(guarded: Guarded, principal: str) -> None:
    with tried(guarded, principal) as client:
        everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
        wanted = ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, everything)
        with pytest.raises(ClusterAuthorizationFailedError):
            client.admin.describe_acls(wanted)
        assert client.admin.delete_acls([wanted])[0][2] is ClusterAuthorizationFailedError
        with pytest.raises(ClusterAuthorizationFailedError):
            apply(client.admin, GRANTS)
        more = UserScramCredentialUpsertion("accomplice", ScramMechanism.SCRAM_SHA_512, "known")
        assert "needs ALTER permission" in client.admin.alter_user_scram_credentials([more])["accomplice"]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_has_all_that_its_code_needs(guarded: Guarded, service: Service) -> None:
    with guarded.as_principal(service.name):
        with closing(KafkaLog(f"{service.name}-relay")) as log:
            for topic in (*topics_of(service, ()), CONTROL_TOPIC):
                log.send(topic, b"probe", [], b"{}")
                bounds = log.bounds(topic)
                assert sum(kept.end for kept in bounds.values()) > 20
                number = next(number for number, kept in bounds.items() if kept.end)
                assert log.event_at(topic, number, 0) is None
        for group in groups_of(service):
            with closing(LogEnds(f"{service.name}-doorbell")) as ends:
                assert set(ends.grown(group.topics)) == set(group.topics)
            _take_part(group.group, group.topics, service.name)
            if group.projection:
                with closing(Topics()) as topics:
                    topics.remove_group(group.group)
                    assert group.group not in topics.committed()
        _take_part(f"{service.name}.control", [CONTROL_TOPIC], service.name)


def _take_part(group: str, topics: object, client: str) -> None:
    consumer = GroupConsumer(group, tuple(topics), f"{client}-worker-1")  # type: ignore[arg-type]
    try:
        records = []
        until(lambda: records.extend(consumer.poll()) or (consumer.assigned and records), f"{group} reads")
        assert {record.topic for record in records} <= set(topics)  # type: ignore[call-overload]
        assert consumer.commit({}) is True
        assert consumer.lag() >= 0
        assert not consumer.compare({}).elsewhere
    finally:
        consumer.close()


def test_a_group_that_may_not_read_a_topic_says_so(guarded: Guarded) -> None:
    with guarded.as_principal("finance"):
        foreign = next(topic for topic in TOPICS if not allowed(GRANTS, "finance", "topic", topic, "Read"))
        consumer = GroupConsumer("finance.nosy", ["score.finance", foreign], "finance-worker-1")
        try:
            with pytest.raises(TopicAuthorizationFailedError):
                until(lambda: consumer.poll() and False, "it is refused")
        finally:
            consumer.close()


def test_an_operator_sees_every_topic_and_group(guarded: Guarded) -> None:
    groups = [group for service in SERVICES for group in groups_of(service)]
    with guarded.as_principal(OPERATOR):
        with closing(Topics()) as topics:
            assert set(topics.differing(EXPECTED.compacted)) == set(EXPECTED.compacted), "the time is another here"
        seen = {one["topic"]: one for one in look(TOPICS, groups, {service.name for service in SERVICES})}
    assert set(seen) == set(TOPICS)
    assert all(one["partitions"] for one in seen.values())


def test_a_stranger_a_wrong_password_and_an_unverified_broker_are_refused(guarded: Guarded, tmp_path: Path) -> None:
    def reach(**around: str) -> None:
        with (
            guarded.as_principal("finance", **around),
            closing(KafkaAdminClient(**way_in(), bootstrap_timeout_ms=4_000)) as admin,
        ):
            admin.list_topics()

    reach()
    stranger = Authority(tmp_path, "stranger")
    for flaw in (
        {"SCORE_KAFKA_PASSWORD": "guessed"},
        {"SCORE_KAFKA_USER": "nobody"},
        {"SCORE_KAFKA_SECURITY": "PLAINTEXT"},
        {"SCORE_KAFKA_CA_FILE": str(stranger.file)},
        {"SCORE_KAFKA_CA_FILE": ""},
        {"SCORE_KAFKA": guarded.addresses.replace("127.0.0.1", "localhost")},
    ):
        with pytest.raises(KafkaError) as refused:
            reach(**flaw)
        assert not isinstance(refused.value, AuthorizationError), "who is not known is not let in at all"
