"""A topic is deleted and made again under its name: clients cannot tell, the relay does, and sends everything again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from shared.kernel import clock
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from shared.messaging.bookmarks import header_of
from shared.messaging.kafka.cluster import physical
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.events import EventOutbox
from shared.messaging.outbox.relay import Relay, RelayPolicy
from tests.support import toy
from tests.support.waiting import until

POLICY = RelayPolicy(
    batch=10,
    window=timedelta(seconds=60),
    overlap=timedelta(seconds=15),
    margin=timedelta(seconds=60),
    guard_every=timedelta(seconds=0.1),
)


@pytest.fixture
def relay(store, broker) -> Iterator[Relay]:
    store(toy.SERVICE)
    log = KafkaLog("test-relay")
    with acting_as(SYSTEM):
        yield Relay(EventOutbox(toy.TOPIC), log, POLICY, clock.now)
    log.close()


def deleted(broker) -> None:
    admin = KafkaAdminClient(bootstrap_servers=broker.address)
    admin.delete_topics([physical(toy.TOPIC)])
    until(lambda: partitions(admin) < settings().topic_partitions, "the topic is gone")
    admin.close()


def partitions(admin: KafkaAdminClient) -> int:
    """How many the topic has: the embedded broker makes one with a single partition as soon as any client asks for it."""
    return sum(len(topic["partitions"]) for topic in admin.describe_topics() if topic["name"] == physical(toy.TOPIC))


def step_while_it_is_gone(relay: Relay) -> int:
    """How many rows go again already now: where the broker has made the topic by itself the relay finds it empty."""
    try:
        return relay.step().reopened
    except KafkaError:
        return 0


def holds(broker, told: set[tuple[str, str]]) -> bool:
    """Whether the topic holds exactly these places; a reader that saw the topic as it was may fail once."""
    try:
        found = broker.records(toy.TOPIC)
    except KafkaError:
        return False
    return {(header_of(one, "ce_subject"), header_of(one, "ce_sequence")) for one in found} == told


def histories(keys: int, length: int) -> set[tuple[str, str]]:
    partners: list[UUID] = [toy.register().id for _ in range(keys)]
    for partner in partners:
        for _ in range(length - 1):
            toy.suspend(partner)
    return {(str(partner), f"{number:016d}") for partner in partners for number in range(1, length + 1)}


def work(relay: Relay, seconds: float = 60.0) -> int:
    """Step as the worker's loop does, through errors of the broker, until all is sent; returns how many rows went again."""
    reopened, deadline = 0, time.monotonic() + seconds
    while True:
        assert time.monotonic() < deadline, "the relay does not come to rest"
        try:
            step = relay.step()
        except KafkaError:
            continue
        reopened += step.reopened
        if step.caught_up:
            return reopened


def test_everything_is_sent_to_the_topic_that_was_made_again(relay: Relay, broker) -> None:
    told = histories(4, 3)
    assert work(relay) == 0
    for number in (1, 2):
        deleted(broker)
        broker.create_topics()
        relay.doubt()
        assert work(relay) == len(told), f"deleted {number} times"
        told |= histories(2, 2)
        assert work(relay) == 0
        until(lambda told=told: holds(broker, told), "the topic holds all")


def test_a_reader_that_failed_while_the_topic_was_away_is_not_asked_again(relay: Relay, broker) -> None:
    """It may go on seeing the topic as it was, or as missing."""
    told = histories(4, 3)
    work(relay)
    deleted(broker)
    relay.doubt()
    reopened = step_while_it_is_gone(relay)
    broker.create_topics()
    assert reopened + work(relay) == len(told)
    until(lambda: holds(broker, told), "the topic holds all")


def test_rows_that_were_written_while_the_topic_was_away_follow(relay: Relay, broker) -> None:
    told = histories(3, 2)
    work(relay)
    deleted(broker)
    told |= histories(3, 2)
    relay.doubt()
    reopened = step_while_it_is_gone(relay)
    broker.create_topics()
    assert reopened + work(relay) == 6
    until(lambda: holds(broker, told), "the topic holds all")
