"""What wakes the loops of a worker: types of what a topic took in, and commits of its own process."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import pytest

from shared.contracts.control import CONTROL_TOPIC
from shared.contracts.event import type_of
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.domain.outbox_rows import row_of
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.kafka.log_ends import PEEK_RECORDS, LogEnds
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.outbox.events import outgoing_of
from shared.messaging.subscriptions import ConsumerGroup
from shared.messaging.wakeups.consumer import ConsumerWakeup
from shared.messaging.wakeups.relay import OutboxWatch
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support import toy
from tests.support.waiting import until

LOOKS_OVER_A_REFRESH = 500  # in the middle of them the client has learned anew where its topics are
REGISTERED, SUSPENDED = type_of(InstitutionRegistered), type_of(InstitutionSuspended)


@pytest.fixture
def ends(broker) -> Iterator[LogEnds]:
    ends = LogEnds("test")
    ends.grown([toy.TOPIC])
    yield ends
    ends.close()


@pytest.fixture
def send(broker) -> Iterator:
    log = KafkaLog("test-sender")

    def publish(*events: InstitutionRegistered | InstitutionSuspended) -> None:
        rows = [row_of(event, aggregate_id=event.institution_id, sequence=1) for event in events]
        log.publish([outgoing_of(row) for row in rows])

    with acting_as(SYSTEM):
        yield publish
    log.close()


def registered() -> InstitutionRegistered:
    return InstitutionRegistered(institution_id=ids.new(), kind="private_provider", province="ID-JB")


def suspended() -> InstitutionSuspended:
    return InstitutionSuspended(institution_id=ids.new(), reason="audit")


def seen(ends: LogEnds, topics: Sequence[str] = (toy.TOPIC,)) -> list[frozenset[str] | None]:
    """What was said of the topic until it was said to be as it is."""
    said: list[frozenset[str] | None] = []
    until(lambda: said.extend(ends.grown(topics).values()) or said, "the topic has grown")
    while more := ends.grown(topics):
        said.extend(more.values())
    return said


def test_the_types_of_what_came_in_are_known(ends: LogEnds, send) -> None:
    send(registered())
    assert set().union(*seen(ends)) == {REGISTERED}
    send(suspended(), registered(), suspended())
    assert set().union(*seen(ends)) == {REGISTERED, SUSPENDED}
    assert ends.grown([toy.TOPIC]) == {}


def test_looking_at_one_topic_does_not_lose_sight_of_the_others(broker, send) -> None:
    topics, ends = sorted([toy.TOPIC, CONTROL_TOPIC]), LogEnds("test-of-two")
    try:
        ends.grown(topics)
        send(registered())
        assert REGISTERED in set().union(*filter(None, seen(ends, topics)))
        for _ in range(LOOKS_OVER_A_REFRESH):
            assert ends.grown(topics) == {}
    finally:
        ends.close()


def test_much_at_once_is_not_looked_at(ends: LogEnds, send) -> None:
    one = registered()
    send(*[one] * (PEEK_RECORDS + 1))  # one key, so one partition
    assert None in seen(ends)


def test_only_who_is_concerned_is_woken(broker, send) -> None:
    here, there, parties = (ConsumerGroup(f"enrollment.{name}") for name in ("here", "there", "parties"))
    here.handles(InstitutionSuspended)(lambda *_: None)
    there.handles(InstitutionRegistered)(lambda *_: None)
    parties.handles_party("enrollment")(lambda *_: None)
    stop = threading.Event()
    wakeup = ConsumerWakeup("test-wakeup", stop)
    bells = {group.group: wakeup.signal(group) for group in (here, there, parties)}
    thread = threading.Thread(target=wakeup.run)
    thread.start()
    try:
        until(lambda: wakeup.watching, "the topics are watched")
        for signal in bells.values():
            signal.raised.clear()
        send(suspended())
        assert bells[here.group].raised.wait(30)
        assert not bells[there.group].raised.is_set()
        assert not bells[parties.group].raised.is_set()
    finally:
        stop.set()
        thread.join(30)


def test_a_relay_is_woken_by_what_its_own_process_commits(store) -> None:
    store(toy.SERVICE)
    watch = OutboxWatch(threading.Event())
    with acting_as(SYSTEM):
        in_new_transaction(lambda: connection.database()["attempts"].insert_one({"_id": str(ids.new())}))
        assert not watch.written.is_set()
        toy.register()
        assert watch.written.is_set()
