"""Histories of the toy service on the real store and broker, and whether a group has applied them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from uuid import UUID

import pytest
from kafka.admin import KafkaAdminClient

from shared.contracts.control import CONTROL_TOPIC
from shared.contracts.parties import Party
from shared.contracts.wire.compacted import Tombstone
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.kafka.cluster import physical
from shared.messaging.kafka.topics import Topics
from shared.messaging.outbox.compacted import publish_party
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support import toy
from tests.support.engines import environment
from tests.support.waiting import until
from tests.support.worker_loops import QUICK


@pytest.fixture(autouse=True)
def _on_the_toy_store(store) -> Iterator[None]:
    store(toy.SERVICE)
    with environment(**QUICK), acting_as(SYSTEM):
        yield
    gc.collect()


def histories(keys: int = 4, length: int = 3) -> list[UUID]:
    partners = [toy.register().id for _ in range(keys)]
    for _ in range(length - 1):
        for partner in partners:
            toy.suspend(partner)
    return partners


def applied(group: str, partners: list[UUID], length: int = 3) -> bool:
    """Whether each effect of these histories is there once and in order."""
    found = toy.effects(group)
    in_order = all([n for key, n in found if key == partner] == list(range(1, length + 1)) for partner in partners)
    return in_order and len([1 for key, _ in found if key in partners]) == len(partners) * length


def await_all(group: str, partners: list[UUID], length: int = 3) -> None:
    until(lambda: len(toy.effects(group)) >= len(partners) * length, f"all effects of {group}: {toy.effects(group)}")
    assert applied(group, partners, length)


def as_if_published() -> list[dict]:
    """All rows of the outbox, marked as sent without having been sent."""
    in_new_transaction(lambda: connection.database()["pending"].delete_many({}))
    return sorted(connection.database()["outbox"].find({}), key=lambda row: row["sequence"])


def forget(broker, topic: str) -> None:
    """Retention takes everything that the topic holds."""
    admin = KafkaAdminClient(bootstrap_servers=broker.address)
    from kafka import TopicPartition

    ends = {TopicPartition(physical(topic), n): kept.end for n, kept in broker.log.bounds(topic).items()}
    admin.delete_records(ends)
    admin.close()
    assert all(kept.start == kept.end for kept in broker.log.bounds(topic).values())


def person(version: int, party_id: UUID) -> Party:
    return Party(party_id=party_id, version=version, kind="person", name="Ketut", email="ketut@example.org")


def say(*parties: Party | Tombstone) -> None:
    for party in parties:
        in_new_transaction(lambda party=party: publish_party(party))


def make_topics() -> None:
    topics = Topics()
    topics.create(events=[toy.TOPIC, CONTROL_TOPIC], compacted=["score.contacts.enrollment"])
    topics.close()
