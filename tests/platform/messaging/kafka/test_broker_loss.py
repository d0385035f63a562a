"""A broker that is away, wiped or refuses a record loses nothing and repeats nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import UUID

import pytest

from shared.kernel import ids
from shared.messaging.bookmarks import Bookmark
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox import events
from tests.support import toy
from tests.support.engines import Engines, environment
from tests.support.toy_histories import (
    _on_the_toy_store,  # noqa: F401 - for every test here
    applied,
    as_if_published,
    await_all,
    histories,
    make_topics,
    person,
    say,
)
from tests.support.waiting import until
from tests.support.worker_loops import OWNER, all_sent, running

# kafka-python leaves sockets of refused connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def own_broker() -> Iterator[Engines]:
    engines = Engines()
    engines.start(store=False)
    with environment(SCORE_KAFKA=engines.broker_address):
        make_topics()
        yield engines
    engines.stop()


def test_a_wiped_broker_loses_nothing_and_repeats_nothing(own_broker) -> None:
    partners = histories(3)
    heard: list[UUID] = []
    first = toy.recording("enrollment.first")
    first.handles_party("enrollment")(lambda party: heard.append(party.party_id))
    person_id = ids.new()
    say(person(1, person_id))
    with running(first):
        await_all("enrollment.first", partners)
        until(lambda: heard, "the party arrived")
        own_broker.wipe_broker()
        make_topics()
        more = histories(2)
        await_all("enrollment.first", partners + more)
        with running(toy.recording("enrollment.late"), relay=False, control=False):
            await_all("enrollment.late", partners + more)
        until(all_sent, "everything is published again")
    assert applied("enrollment.first", partners + more)
    assert heard == [person_id]


def test_a_log_that_was_wiped_while_nobody_listened_is_read_again(own_broker) -> None:
    """The committed offset lies inside the new log; only the event remembered there tells that it is another one."""
    partners = histories(2)
    with running(toy.recording("enrollment.first")):
        await_all("enrollment.first", partners)
    own_broker.wipe_broker()
    make_topics()
    more = histories(2)
    with running():
        until(all_sent, "published in the new log")
    commit_at("enrollment.first", 2)
    with running(toy.recording("enrollment.first"), relay=False, control=False):
        await_all("enrollment.first", partners + more)


def commit_at(group: str, offset: int) -> None:
    """The group's position, as it would be had the broker kept it: in the middle of a log it has never read."""
    consumer = GroupConsumer(group, [toy.TOPIC], "test", 0)
    try:
        until(lambda: consumer.poll() is None or consumer.assigned, "joined")
        places = consumer.newly_assigned()
        bookmarks = {place: Bookmark(offset, str(ids.new())) for place in places}
        assert consumer.commit(bookmarks)
    finally:
        consumer.close()


def test_a_broker_that_is_away_stops_no_command_and_ends_no_loop(own_broker) -> None:
    (broker,) = own_broker._children
    with running(toy.recording("enrollment.first")) as loops:
        partners = histories(2)
        await_all("enrollment.first", partners)
        broker.terminate()
        broker.finish(threading.TIMEOUT_MAX)
        more = histories(2)
        loops.requests.ask("enrollment.first", toy.TOPIC)
        broker.start()
        until(lambda: broker.answers() is None, "the broker is back")
        await_all("enrollment.first", partners + more)


def test_sending_without_a_broker_is_an_error_of_this_try_only(own_broker) -> None:
    (broker,) = own_broker._children
    partners = histories(1, 2)
    rows = [events.outgoing_of(row) for row in as_if_published()]
    log = KafkaLog("test")
    assert len(log.publish(rows)) == 2
    broker.terminate()
    broker.finish(threading.TIMEOUT_MAX)
    with environment(SCORE_SEND_TIMEOUT_SECONDS="1"):
        assert {type(result).__name__ for result in log.publish(rows)} == {"NotSent"}
    broker.start()
    until(lambda: broker.answers() is None, "the broker is back")
    make_topics()
    until(lambda: {type(r).__name__ for r in log.publish(rows)} == {"Acknowledged"}, "the same object sends again")
    log.close()
    assert partners
    assert OWNER.name == "enrollment"


def test_a_record_too_large_for_the_broker_holds_up_no_other(broker) -> None:
    histories(1, 2)
    small, other = (events.outgoing_of(row) for row in as_if_published())
    large = other.__class__(
        other.event_id, other.topic, other.key, 2, other.headers, b"x" * 3_000_000, other.recorded_at
    )
    results = broker.log.publish([small, large])
    assert [type(result).__name__ for result in results] == ["Acknowledged", "NotSent"]
