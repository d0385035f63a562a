"""Records that the client cannot decode: they are kept by their place, and stop neither groups, nor relay, nor wake-up."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.errors import CorruptRecordError

from shared.contracts.parties import CONTACTS
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.bookmarks import Bookmark
from shared.messaging.kafka.cluster import physical
from shared.messaging.kafka.consumer import GroupConsumer
from shared.messaging.kafka.lookups import Lookup
from shared.messaging.kafka.producer import KafkaLog
from shared.messaging.operations.redaction import whole
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection
from tests.support import toy
from tests.support.engines import environment
from tests.support.waiting import until
from tests.support.worker_loops import OWNER, QUICK, running

GROUP = "enrollment.first"
NOT_DECODED = "NotDecoded: the broker's client could not take it apart (CorruptRecordError)"
UNKNOWN_BODY = "not known: the broker's client could not take the record apart"


class NoName(str):
    """A header's name that is no text; it can be packed, and not unpacked."""

    __slots__ = ()

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


@pytest.fixture(autouse=True)
def _on_the_toy_store(store) -> Iterator[None]:
    store(toy.SERVICE)
    with environment(**QUICK), acting_as(SYSTEM):
        yield


def spoil(broker, topic: str = toy.TOPIC, partition: int = 0, together: int = 1) -> list[int]:
    """Append records that cannot be decoded, as one batch; returns their offsets."""
    producer = KafkaProducer(bootstrap_servers=broker.address, linger_ms=100)
    futures = [
        producer.send(physical(topic), key=b"k", value=b"{}", headers=[(NoName("x"), b"1")], partition=partition)
        for _ in range(together)
    ]
    offsets = [future.get(timeout=30).offset for future in futures]
    producer.close()
    return offsets


def parked() -> set[tuple[str, int, int]]:
    rows = connection.database()["parked"].find({"reason": "failed"})
    return {(row["topic"], row["partition"], row["offset"]) for row in rows}


def partitions(broker) -> list[int]:
    return sorted(broker.log.bounds(toy.TOPIC))


def test_a_group_keeps_their_places_and_goes_on_behind_them(broker) -> None:
    before = [toy.register().id for _ in range(6)]
    with running(toy.recording(GROUP), wakeup=True):
        until(lambda: len(toy.effects(GROUP)) == len(before), "what came before")
        spoilt = {(toy.TOPIC, p, at) for p in partitions(broker) for at in spoil(broker, partition=p, together=3)}
        after = [toy.register().id for _ in range(6)]
        until(lambda: len(toy.effects(GROUP)) == len(before + after), "what comes behind")
        until(lambda: parked() == spoilt, "each place is kept")
    assert sorted(toy.effects(GROUP)) == sorted((key, 1) for key in before + after)
    shown = [whole(OWNER.name, row) for row in connection.database()["parked"].find()]
    assert {(one["detail"], one["body"], str(one["headers"])) for one in shown} == {(NOT_DECODED, UNKNOWN_BODY, "{}")}


def test_a_group_that_joins_later_passes_them_too(broker) -> None:
    spoilt = {(toy.TOPIC, p, at) for p in partitions(broker) for at in spoil(broker, partition=p)}
    partners = [toy.register().id for _ in range(6)]
    with running(toy.recording(GROUP)):
        until(lambda: len(toy.effects(GROUP)) == len(partners), "the effects behind them")
        until(lambda: parked() == spoilt, "each place is kept")
    with running(toy.recording(GROUP)):  # its bookmarks stand behind records of which nothing is known
        partners.append(toy.register().id)
        until(lambda: len(toy.effects(GROUP)) == len(partners), "it goes on where it stood")
    assert parked() == spoilt


def test_one_among_parties_stops_nobody(broker) -> None:
    topic = CONTACTS.of("certification")
    group = ConsumerGroup("enrollment.parties")
    group.handles_party("certification")(lambda _: None)
    (offset,) = spoil(broker, topic)
    with running(group, relay=False, control=False):
        until(lambda: parked() == {(topic, 0, offset)}, "its place is kept")
    (row,) = connection.database()["parked"].find()
    shown = whole(OWNER.name, row)
    assert (shown["detail"], shown["body"]) == ("NotDecoded: ***", UNKNOWN_BODY), "it is not taken for an erasure"


def test_one_does_not_hide_what_lies_in_the_other_partitions(broker) -> None:
    (spoilt,) = spoil(broker, partition=0)
    broker.log.close()
    log, lookup = KafkaLog("test-log"), Lookup("test-lookup")
    event_id = uuid.uuid4()
    producer = KafkaProducer(bootstrap_servers=broker.address)
    headers = [("ce_id", str(event_id).encode())]
    good = producer.send(physical(toy.TOPIC), key=b"k", value=b"{}", headers=headers, partition=1).get(30).offset
    producer.close()
    bad_place, good_place = (TopicPartition(physical(toy.TOPIC), number) for number in (0, 1))
    found, unreadable = lookup.at({bad_place: spoilt, good_place: good})
    assert ([record.offset for record in found.values()], unreadable) == ([good], {bad_place})
    assert log.event_at(toy.TOPIC, 0, spoilt) is None
    assert log.event_at(toy.TOPIC, 1, good) == event_id
    lookup.close()
    log.close()


def test_a_position_behind_one_is_compared_without_reading_it(broker) -> None:
    (offset,) = spoil(broker, partition=0)
    consumer = GroupConsumer(GROUP, [toy.TOPIC], "test")
    try:
        until(lambda: consumer.poll() is not None and consumer.newly_assigned(), "it is a member")
        place = (toy.TOPIC, 0)
        found = consumer.compare({place: Bookmark(offset + 1)})
        assert (found.elsewhere, found.passed) == (set(), {})
        found = consumer.compare({place: Bookmark(offset + 1, str(uuid.uuid4()))})
        assert found.elsewhere == set(), "what cannot be read contradicts nothing"
    finally:
        consumer.close()


def test_an_error_that_another_client_does_not_see_ends_the_membership(broker, monkeypatch) -> None:
    toy.register()
    consumer = GroupConsumer(GROUP, [toy.TOPIC], "test")

    def torn(**_: object) -> None:
        raise CorruptRecordError("torn on the way")

    try:
        until(lambda: consumer.poll() is not None and consumer.newly_assigned(), "it is a member")
        monkeypatch.setattr(consumer._consumer, "poll", torn)
        with pytest.raises(CorruptRecordError, match="torn"):
            consumer.poll()
    finally:
        consumer.close()
