"""From a command to an effect through the real store and broker, and what a group does when history is missing."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from kafka.admin import KafkaAdminClient
from pymongo.errors import AutoReconnect

from shared.contracts.contacts import Erased, Party
from shared.contracts.control import CONTROL_TOPIC, ResendAnswered, control_from_record
from shared.messaging import contacts, outbox
from shared.messaging.bookmarks import Bookmark
from shared.messaging.cluster import physical
from shared.messaging.contact_outbox import tell
from shared.messaging.kafka import KafkaLog, Topics
from shared.messaging.subscription import Subscription
from shared.runtime import ids
from shared.runtime.context import SYSTEM, acting_as
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.engines import Engines, environment
from tests.integration import toy
from tests.integration.messaging.running import OWNER, QUICK, all_sent, running, until

# kafka-python leaves sockets of refused connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


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


def test_each_fact_has_one_effect_in_each_group_in_order(broker, every_write_in_a_transaction) -> None:
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
        until(lambda: len(toy.effects("enrollment.now")) == len(partners), "the now group acts on new facts")
        assert {n for _, n in toy.effects("enrollment.now")} == {4}
        assert loops.requests is not None


def test_a_group_that_rests_is_woken_when_its_topic_grows(broker) -> None:
    with (
        environment(SCORE_CONSUMER_BACKSTOP_MS="600000"),
        running(toy.recording("enrollment.first"), doorbell=True) as loops,
    ):
        for number in range(1, 4):
            until(lambda: loops.doorbell.ringing, "the topics are watched")
            partners = histories(1, 1)
            until(lambda n=number: len(toy.effects("enrollment.first")) == n, "long before the rest is over")
            assert partners


def test_a_process_with_the_same_static_id_takes_the_place_of_a_dead_one(broker, monkeypatch) -> None:
    abandoned: list[Subscription] = []
    close = Subscription.close

    def abandon(subscription: Subscription) -> None:
        abandoned.append(subscription)

    monkeypatch.setattr(Subscription, "close", abandon)
    partners = histories(2)
    with running(toy.recording("enrollment.first"), control=False):
        await_all("enrollment.first", partners)
    monkeypatch.setattr(Subscription, "close", close)
    for partner in partners:
        toy.suspend(partner)
    try:
        with running(toy.recording("enrollment.first")):
            await_all("enrollment.first", partners, 4)
    finally:
        for subscription in abandoned:
            subscription.close()


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
        def reaction(fact, about):
            if about.sequence == 3 and failures:
                raise failures.pop()
            react(fact, about)

        return reaction

    group.handlers = {fact: sometimes_away(react) for fact, react in group.handlers.items()}
    with running(group, control=False):
        await_all("enrollment.first", partners)
    assert failures == []
    assert connection.database()["parked"].count_documents({}) == 0


# What is missing is asked for.


def as_if_published() -> list[dict]:
    """All rows of the outbox, marked as sent without having been sent."""
    in_new_transaction(lambda: connection.database()["pending"].delete_many({}))
    return sorted(connection.database()["outbox"].find({}), key=lambda row: row["sequence"])


def test_a_gap_closes_by_asking_the_owner(broker) -> None:
    (partner,) = histories(1, 6)
    rows = as_if_published()
    broker.log.publish([outbox.outgoing_of(row) for row in rows if row["sequence"] in (1, 3, 6)])
    with running(toy.recording("enrollment.first")):
        await_all("enrollment.first", [partner], 6)
        until(lambda: connection.database()["resends"].count_documents({}) == 0, "no request is left open")
    assert connection.database()["parked"].count_documents({}) == 0


def test_a_key_that_waits_for_an_operator_is_not_asked_for(broker) -> None:
    (partner,) = histories(1, 3)
    group = toy.recording("enrollment.first")

    def fail(*_: object) -> None:
        raise ValueError("a bug")

    group.handlers = dict.fromkeys(group.handlers, fail)
    with environment(SCORE_RETRY_FIRST_MS="1"), running(group):
        until(lambda: connection.database()["parked"].count_documents({}) == 3, "one failed, two behind it")
        other = toy.recording("enrollment.other")
        with running(other, relay=False, control=False) as loops:
            loops.requests.ask("enrollment.other", toy.TOPIC, ids.new())
            until(lambda: connection.database()["resends"].count_documents({}) == 0, "another request was answered")
        asked = [control_from_record(r.key, r.headers, r.value) for r in broker.records(CONTROL_TOPIC)]
    assert {message.group for message in asked if message} == {"enrollment.other"}
    assert partner


def forget(broker, topic: str) -> None:
    """Retention takes everything that the topic holds."""
    admin = KafkaAdminClient(bootstrap_servers=broker.address)
    from kafka import TopicPartition

    ends = {TopicPartition(physical(topic), n): kept.end for n, kept in broker.log.bounds(topic).items()}
    admin.delete_records(ends)
    admin.close()
    assert all(kept.start == kept.end for kept in broker.log.bounds(topic).values())


def test_history_below_the_start_of_the_log_arrives_page_by_page(broker) -> None:
    partners = histories(6)
    with running():
        until(all_sent, "everything is published")
        forget(broker, toy.TOPIC)
        with running(toy.recording("enrollment.late"), relay=False, control=False):
            await_all("enrollment.late", partners)
            until(lambda: connection.database()["resends"].count_documents({}) == 0, "the request is closed")
        answers = [control_from_record(r.key, r.headers, r.value) for r in broker.records(CONTROL_TOPIC)]
    pages = [answer for answer in answers if isinstance(answer, ResendAnswered)]
    assert len(pages) >= 4
    assert [answer.done for answer in pages].count(True) >= 1


def person(version: int, party_id: UUID) -> Party:
    return Party(party_id=party_id, version=version, kind="person", name="Ketut", email="ketut@example.org")


def say(*parties: Party | Erased) -> None:
    for party in parties:
        in_new_transaction(lambda party=party: tell(party))


def test_parties_arrive_in_every_group_and_an_erasure_leaves_no_copy(broker) -> None:
    heard: list[tuple[str, UUID, str]] = []
    groups = [toy.recording(f"enrollment.{name}") for name in ("first", "second")]
    for group in groups:
        group.on_party("enrollment")(
            lambda party, g=group.group: heard.append((g, party.party_id, type(party).__name__))
        )
    keys = [ids.new() for _ in range(3)]
    with running(*groups):
        say(*(person(1, key) for key in keys))
        until(lambda: len(heard) == 6, "each group hears of each party")
        assert contacts.find(keys[0])["name"] == "Ketut"
        say(Erased(party_id=keys[0], version=2))
        until(lambda: [h[2] for h in heard].count("Erased") == 2, f"each group hears of the erasure: {heard}")
    assert contacts.find(keys[0]) is None
    row = connection.database()["contacts"].find_one({"_id": keys[0]})
    assert set(row) == {"_id", "erased", "version", "seen"}


def test_parties_below_the_start_of_the_log_are_said_again(broker) -> None:
    keys = [ids.new() for _ in range(5)]
    say(*(person(1, key) for key in keys), Erased(party_id=keys[4], version=2))
    heard: list[UUID] = []
    with running():
        until(lambda: _contacts_sent() == len(keys), "published")
        forget(broker, "score.contacts.enrollment")
        group = toy.recording("enrollment.late")
        group.on_party("enrollment")(lambda party: heard.append(party.party_id))
        with running(group, relay=False, control=False):
            until(lambda: sorted(heard) == sorted(keys), "said again")


def _contacts_sent() -> int:
    return connection.database()["contact_outbox"].count_documents({"pending_at": {"$exists": False}})


# What the broker forgets.


@pytest.fixture
def own_broker() -> Iterator[Engines]:
    engines = Engines()
    engines.start(store=False)
    with environment(SCORE_KAFKA=engines.broker_address):
        make_topics()
        yield engines
    engines.stop()


def make_topics() -> None:
    topics = Topics()
    topics.create(facts=[toy.TOPIC, CONTROL_TOPIC], compacted=["score.contacts.enrollment"])
    topics.close()


def test_a_wiped_broker_loses_nothing_and_repeats_nothing(own_broker) -> None:
    partners = histories(3)
    heard: list[UUID] = []
    first = toy.recording("enrollment.first")
    first.on_party("enrollment")(lambda party: heard.append(party.party_id))
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
    subscription = Subscription(group, [toy.TOPIC], "test", 0)
    try:
        until(lambda: subscription.poll() is None or subscription.assigned, "joined")
        places = subscription.newly_assigned()
        bookmarks = {place: Bookmark(offset, str(ids.new())) for place in places}
        assert subscription.commit(bookmarks)
    finally:
        subscription.close()


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
    rows = [outbox.outgoing_of(row) for row in as_if_published()]
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
    small, other = (outbox.outgoing_of(row) for row in as_if_published())
    large = other.__class__(
        other.event_id, other.topic, other.key, 2, other.headers, b"x" * 3_000_000, other.recorded_at
    )
    results = broker.log.publish([small, large])
    assert [type(result).__name__ for result in results] == ["Acknowledged", "NotSent"]
