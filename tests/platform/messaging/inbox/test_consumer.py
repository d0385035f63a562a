"""From a command to an effect through the real store and broker, and what a group does when history is missing."""

from __future__ import annotations

import pytest
from pymongo.errors import AutoReconnect

from shared.messaging.kafka.consumer import GroupConsumer
from shared.storage import connection
from tests.support import toy
from tests.support.engines import environment
from tests.support.toy_histories import (
    _on_the_toy_store,  # noqa: F401 - for every test here
    await_all,
    histories,
)
from tests.support.waiting import until
from tests.support.worker_loops import all_sent, running

# kafka-python leaves sockets of refused connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def test_each_event_has_one_effect_in_each_group_in_order(broker, every_write_in_a_transaction) -> None:
    partners = histories()
    with running(toy.recording("enrollment.first"), toy.recording("enrollment.second")):
        more = histories(2)
        await_all("enrollment.first", partners + more)
        await_all("enrollment.second", partners + more)
        until(all_sent, "all rows marked")


def test_a_new_group_reads_from_the_beginning_and_a_now_group_from_now(broker) -> None:
    partners = histories(2)
    with running(toy.recording("enrollment.first")):
        await_all("enrollment.first", partners)
    late, now = toy.recording("enrollment.late"), toy.recording("enrollment.now", start="now")
    with running(late, now) as loops:
        await_all("enrollment.late", partners)
        until(lambda: connection.database()["groups"].find_one({"_id": "enrollment.now"}), "its start is remembered")
        for partner in partners:
            toy.suspend(partner)
        until(lambda: len(toy.effects("enrollment.now")) == len(partners), "the now group acts on new events")
        assert {n for _, n in toy.effects("enrollment.now")} == {4}
        assert loops.requests is not None


def test_a_group_that_rests_is_woken_when_its_topic_grows(broker) -> None:
    with (
        environment(SCORE_CONSUMER_BACKSTOP_MS="600000"),
        running(toy.recording("enrollment.first"), wakeup=True) as loops,
    ):
        for number in range(1, 4):
            until(lambda: loops.wakeup.watching, "the topics are watched")
            partners = histories(1, 1)
            until(lambda n=number: len(toy.effects("enrollment.first")) == n, "long before the rest is over")
            assert partners


def test_a_process_with_the_same_static_id_takes_the_place_of_a_dead_one(broker, monkeypatch) -> None:
    abandoned: list[GroupConsumer] = []
    close = GroupConsumer.close

    def abandon(consumer: GroupConsumer) -> None:
        abandoned.append(consumer)

    monkeypatch.setattr(GroupConsumer, "close", abandon)
    partners = histories(2)
    with running(toy.recording("enrollment.first"), control=False):
        await_all("enrollment.first", partners)
    monkeypatch.setattr(GroupConsumer, "close", close)
    for partner in partners:
        toy.suspend(partner)
    try:
        with running(toy.recording("enrollment.first")):
            await_all("enrollment.first", partners, 4)
    finally:
        for consumer in abandoned:
            consumer.close()


def test_two_workers_share_a_group_and_each_effect_is_there_once(broker) -> None:
    partners = histories(6)
    with running(toy.recording("enrollment.first")) as first:
        until(lambda: toy.effects("enrollment.first"), "the first is at work")
        second = toy.recording("enrollment.first")
        with environment(SCORE_WORKER_SLOT="1"), running(second, relay=False, control=False):
            more = histories(4)
            await_all("enrollment.first", partners + more)
        assert first.requests


def test_a_failing_group_stops_no_sibling(broker) -> None:
    partners = histories(3)
    broken = toy.recording("enrollment.broken")

    def fail(*_: object) -> None:
        raise ValueError("a bug")

    broken.handlers = dict.fromkeys(broken.handlers, fail)
    with environment(SCORE_RETRY_FIRST_MS="1"), running(broken, toy.recording("enrollment.first")):
        await_all("enrollment.first", partners)
        parked = connection.database()["parked"]
        until(lambda: parked.count_documents({"group": "enrollment.broken"}) == 9, "parked")
    assert sorted(row["reason"] for row in parked.find({}, {"reason": 1})) == ["failed"] * 3 + ["gap"] * 6


def test_a_store_that_goes_away_in_the_middle_of_a_batch_loses_nothing(broker) -> None:
    partners = histories(3)
    group, failures = toy.recording("enrollment.first"), [AutoReconnect("gone")] * 4

    def sometimes_away(react):
        def handler(event, about):
            if about.sequence == 3 and failures:
                raise failures.pop()
            react(event, about)

        return handler

    group.handlers = {event: sometimes_away(react) for event, react in group.handlers.items()}
    with running(group, control=False):
        await_all("enrollment.first", partners)
    assert failures == []
    assert connection.database()["parked"].count_documents({}) == 0
