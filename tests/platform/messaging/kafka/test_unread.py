"""Partitions that were added and that nobody in the group was given are named and counted, by its members and by the doctor."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from kafka.admin import KafkaAdminClient, NewPartitions

from deploy.platform.eviction import look
from shared.messaging.kafka.cluster import physical
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.ports import Incoming
from tests.support.broker import Broker
from tests.support.waiting import until

TOPIC, GROUP = "score.finance", "unread.group"
ADDED = [f"{TOPIC}/{number}" for number in range(3, 9)]


class Member:
    """A member of the group that is turned by a loop of its own, as in a worker, and can be held."""

    def __init__(self, slot: int) -> None:
        self.parts = 0
        self.held = threading.Event()
        self.consumer = GroupConsumer(GROUP, [TOPIC], f"unread-worker-{slot}", slot)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._turn)
        self._thread.start()

    def _turn(self) -> None:
        while not self._over.wait(0.05):
            if not self.held.is_set():
                self.consumer.poll()
                places = self.consumer.newly_assigned()
                self.parts = self.parts if places is None else len(places)

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self.consumer.close()


@pytest.fixture
def pair(broker: Broker) -> Iterator[tuple[Member, Member]]:
    """Two members, the first of which leads and shares out."""
    with ExitStack() as stack:
        leader = stack.enter_context(closing(Member(0)))
        until(lambda: leader.parts == 3, "the first leads")
        follower = stack.enter_context(closing(Member(1)))
        until(lambda: {leader.parts, follower.parts} == {1, 2}, "they share")
        until(
            lambda: not follower.consumer.unread() and follower.consumer._shared_out, "the second knows what was shared"
        )
        yield leader, follower


def test_partitions_that_nobody_was_given_are_named_and_their_records_counted(
    broker: Broker, pair: tuple[Member, Member]
) -> None:
    leader, follower = pair
    leader.held.set()
    with closing(KafkaAdminClient(bootstrap_servers=broker.address)) as admin:
        admin.create_partitions({physical(TOPIC): NewPartitions(total_count=9)})
    until(lambda: follower.consumer.unread() == ADDED, "they are named")
    reading = {physical(GROUP): [physical(TOPIC)]}
    assert look(broker.address, reading).unread == {physical(GROUP): [physical(place) for place in ADDED]}
    log = broker.log
    until(lambda: len(log.bounds(TOPIC)) == 9, "they can be written to")
    for number in range(40):
        broker.send(Incoming(TOPIC, 0, 0, str(number).encode(), [], b"x"))
    waiting = sum(bounds.end for number, bounds in log.bounds(TOPIC).items() if number >= 3)
    follower.held.set()  # its client is for one thread
    until(lambda: waiting and follower.consumer.lag() >= waiting, "they count")
    for member in pair:
        member.held.clear()
    until(lambda: leader.parts + follower.parts == 9, "they are shared out")
    assert follower.consumer.unread() == []
    assert look(broker.address, reading).unread == {}
