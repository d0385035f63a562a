"""What a group does with what it holds when its partitions are dealt anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from shared.contracts.event import type_of
from shared.contracts.events.enrollment import InstitutionRegistered
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.subscriptions import ConsumerGroup
from tests.support import toy
from tests.support.engines import environment
from tests.support.waiting import until
from tests.support.worker_loops import QUICK, Running, all_sent, running


@pytest.fixture(autouse=True)
def _on_the_toy_store(store) -> Iterator[None]:
    store(toy.SERVICE)
    with environment(**QUICK), acting_as(SYSTEM):
        yield


def test_what_was_set_aside_is_read_again_when_the_partitions_are_dealt_anew(broker) -> None:
    """A partition that stays with its worker keeps its position: behind what the worker had in its hands."""
    deferred = {"SCORE_UNCONCERNED_MS": "600000"}
    with environment(**deferred), running(control=False) as loops:  # nobody would answer a request for what is missing
        runner = loops.group(hearing_suspensions_only("enrollment.first"))
        until(lambda: runner.assigned, "the first is a member")
        partners = [toy.register().id for _ in range(9)]
        until(lambda: all_sent() and runner.lag == 0, "it has read them")
        second = Running()
        try:
            with environment(SCORE_WORKER_SLOT="1"):
                other = second.group(hearing_suspensions_only("enrollment.first"))
            until(lambda: other.assigned and runner.assigned, "they share the partitions")
            for partner in partners:
                toy.suspend(partner)
            until(lambda: len(toy.effects("enrollment.first")) == len(partners), "nothing is missing before them")
        finally:
            second.end()
    assert sorted(toy.effects("enrollment.first")) == sorted((partner, 2) for partner in partners)


def test_a_member_that_gets_no_partition_is_told_so_too(broker) -> None:
    """What it had set aside belongs to others now."""
    over, told = threading.Event(), [None] * 4

    def take_part(slot: int) -> None:
        consumer = GroupConsumer("enrollment.first", [toy.TOPIC], f"test-{slot}", slot)
        try:
            while not over.wait(0.01):
                consumer.poll()
                if (places := consumer.newly_assigned()) is not None:
                    told[slot] = places
                    consumer.return_to_committed({(toy.TOPIC, number) for number in range(3)})
        finally:
            consumer.close()

    members = [threading.Thread(target=take_part, args=(slot,), daemon=True) for slot in range(4)]
    for member in members:
        member.start()
    try:
        until(lambda: None not in told and sorted(map(len, told)) == [0, 1, 1, 1], "three have one each")
    finally:
        over.set()
        for member in members:
            member.join(30)


def hearing_suspensions_only(group: str) -> ConsumerGroup:
    consumer_group = toy.recording(group)
    del consumer_group.handlers[type_of(InstitutionRegistered)]
    return consumer_group
