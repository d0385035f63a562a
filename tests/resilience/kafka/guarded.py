"""One broker that lets nobody in unknown, with the grants in force and a login for each principal."""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from kafka import KafkaProducer
from kafka.admin import (
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
    MemberToRemove,
    NewPartitions,
    NewTopic,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.errors import (
    AuthorizationError,
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupAuthorizationFailedError,
    GroupIdNotFoundError,
    NotCoordinatorError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    UnknownMemberIdError,
    UnknownTopicOrPartitionError,
    for_code,
)
from kafka.protocol.consumer import FetchRequest

from deploy.kafka.cluster import Cluster
from deploy.kafka.grants import MIGRATE, OPERATOR
from deploy.kafka.guard import NODE, Guard
from deploy.platform.declarations import declarations
from deploy.runner.console import Console
from shared.messaging.kafka.cluster import way_in
from tests.resilience.kafka.brokers import free_base
from tests.resilience.kafka.ground import PATIENCE, REPOSITORY, until
from tests.support.certificates import Authority
from tests.support.engines import environment

SERVICES = declarations()
NAMES_TOPICS = 12  # the last version of a fetch that calls a topic by its name
PRINCIPALS = (*(service.name for service in SERVICES), MIGRATE, OPERATOR)


class Guarded:
    def __init__(self, folder: Path) -> None:
        self._folder, authority = folder, Authority(folder)
        self.ca_file = authority.file
        self._guard = Guard(authority.issue(NODE), authority.file, secrets.token_hex(16))
        self._log = (folder / "cluster.log").open("w", encoding="utf-8")
        self._console = Console(self._log)
        self._cluster = Cluster(folder, port_base=free_base(1), brokers=1, console=self._console, guard=self._guard)
        self._passwords = {name: secrets.token_hex(16) for name in PRINCIPALS}
        self._cluster.start()
        self.addresses = self._cluster.addresses

    def prepare(self) -> None:
        """Make the logins and put the grants in force, as the cluster's administrator does."""
        with self.as_administrator(), closing(KafkaAdminClient(**way_in())) as admin:
            admin.alter_user_scram_credentials([
                UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, password)
                for name, password in self._passwords.items()
            ])  # fmt: skip
            secret = self._folder / "admin.password"
            secret.write_text(self._guard.password + "\n", encoding="utf-8")
            told = {name: value for name, value in os.environ.items() if name != "SCORE_KAFKA_PASSWORD"}
            subprocess.run(
                [sys.executable, "-m", "deploy.kafka", "grants", "--apply"], cwd=REPOSITORY, check=True,
                env=told | {"SCORE_KAFKA_PASSWORD_FILE": str(secret)},
            )  # fmt: skip
            until(lambda: _coordinates(admin), "the broker looks after groups")

    def as_principal(self, name: str, **other: str) -> AbstractContextManager[None]:
        """The settings of a process that is this principal."""
        return environment(**self.settings(name) | other)

    def as_administrator(self) -> AbstractContextManager[None]:
        login = {
            "SCORE_KAFKA_USER": "admin",
            "SCORE_KAFKA_PASSWORD": self._guard.password,
            "SCORE_KAFKA_MECHANISM": "PLAIN",
        }
        return environment(**self.settings(MIGRATE) | login)

    def settings(self, name: str) -> dict[str, str]:
        return {
            "SCORE_KAFKA": self.addresses,
            "SCORE_KAFKA_SECURITY": "SASL_SSL",
            "SCORE_KAFKA_CA_FILE": str(self.ca_file),
            "SCORE_KAFKA_USER": name,
            "SCORE_KAFKA_PASSWORD": self._passwords[name],
            "SCORE_TOPIC_PREFIX": "",
        }

    def stop(self) -> None:
        self._cluster.stop()
        self._console.close()
        self._log.close()


class Tried:
    """What a principal that is logged in may do, found out by doing it; nothing that is granted changes anything lasting."""

    def __init__(self) -> None:
        self.admin = KafkaAdminClient(**way_in(), request_timeout_ms=30_000)
        self._producer = KafkaProducer(**way_in(), enable_idempotence=False, acks="all", max_block_ms=10_000, retries=0)

    def close(self) -> None:
        self._producer.close(timeout=5)
        self.admin.close()

    def may(self, operation: str, topic: str) -> bool:
        ways: dict[str, Callable[[str], None]] = {
            "Read": self._read, "Write": self._write, "Create": self._create, "Delete": self._delete, "Alter": self._alter,
            "AlterConfigs": self._alter_configs, "Describe": self._describe, "DescribeConfigs": self._describe_configs,
        }  # fmt: skip
        try:
            ways[operation](topic)
        except AuthorizationError:
            return False
        return True

    def may_with_group(self, operation: str, group: str) -> bool:
        try:
            if operation == "Read":
                return (
                    self.admin.remove_group_members(group, [MemberToRemove("nobody")])["nobody"] is UnknownMemberIdError
                )
            if operation == "Delete":
                answer = self.admin.delete_groups([group])[group]
                assert answer in (GroupIdNotFoundError.__name__, GroupAuthorizationFailedError.__name__)
                return bool(answer == GroupIdNotFoundError.__name__)
            return self.admin.list_group_offsets({group: None}) is not None
        except AuthorizationError:
            return False

    def _write(self, topic: str) -> None:
        self._producer.send(topic, key=b"probe", value=b"{}").get(timeout=PATIENCE)

    def _read(self, topic: str) -> None:
        """Ask for records as a consumer would that knows where they are: the client itself asks for none that it cannot see."""
        partition = FetchRequest.FetchTopic.FetchPartition(
            partition=0, current_leader_epoch=-1, fetch_offset=0, last_fetched_epoch=-1, log_start_offset=-1,
            partition_max_bytes=10_000,
        )  # fmt: skip
        request = FetchRequest(
            replica_id=-1, max_wait_ms=0, min_bytes=0, max_bytes=10_000, isolation_level=0, session_id=0, session_epoch=-1,
            topics=[FetchRequest.FetchTopic(topic=topic, partitions=[partition])], forgotten_topics_data=[], rack_id="",
            max_version=NAMES_TOPICS,
        )  # fmt: skip
        answer = self.admin._manager.run(self.admin._manager.send, request)
        _raise(answer.responses[0].partitions[0].error_code)

    def _create(self, topic: str) -> None:
        answer = self.admin.create_topics([NewTopic(topic, 1, 1)], validate_only=True, raise_errors=False)
        _raise(answer["topics"][0]["error_code"], TopicAlreadyExistsError)

    def _delete(self, topic: str) -> None:
        answer = self.admin.delete_topics([topic], raise_errors=False)
        _raise(answer["topics"][0]["error_code"], UnknownTopicOrPartitionError)

    def _alter(self, topic: str) -> None:
        answer = self.admin.create_partitions({topic: NewPartitions(9)}, validate_only=True, raise_errors=False)
        _raise(answer.results[0].error_code, UnknownTopicOrPartitionError)

    def _alter_configs(self, topic: str) -> None:
        resource = ConfigResource(ConfigResourceType.TOPIC, topic, {"retention.ms": "1000"})
        (answer,) = self.admin.alter_configs([resource], validate_only=True, raise_on_unknown=False)["topic"].values()
        if answer != "OK":
            assert TopicAuthorizationFailedError.__name__ in answer, answer
            raise TopicAuthorizationFailedError(topic)

    def _describe_configs(self, topic: str) -> None:
        """The client says nothing of a refusal, and shows a topic without any options."""
        asked = ConfigResource(ConfigResourceType.TOPIC, topic)
        if not self.admin.describe_configs([asked], config_filter="all")["topic"][topic]:
            raise TopicAuthorizationFailedError(topic)

    def _describe(self, topic: str) -> None:
        (found,) = self.admin.describe_topics([topic])
        _raise(found["error_code"], UnknownTopicOrPartitionError)


def _coordinates(admin: KafkaAdminClient) -> bool:
    try:
        return admin.list_group_offsets({f"{service.name}.probe": None for service in SERVICES}) is not None
    except (CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError):
        return False


def _raise(code: int, *harmless: type[Exception]) -> None:
    error = for_code(code)
    if code and error not in harmless:
        raise error


@contextmanager
def tried(guarded: Guarded, principal: str) -> Iterator[Tried]:
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # it tells of every refusal
    with guarded.as_principal(principal), closing(Tried()) as client:
        yield client
