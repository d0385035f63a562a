"""What every port promises, asked of the memory ports and of the real ones alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from kafka.errors import UnknownTopicOrPartitionError

from shared.contracts.contacts import Erased
from shared.messaging import contact_outbox, outbox
from shared.messaging.contact_outbox import ContactOutbox, tell
from shared.messaging.kafka import KafkaLog
from shared.messaging.memory import MemoryLog
from shared.messaging.outbox import FactOutbox
from shared.messaging.parking import parked_record, undecodable_record
from shared.messaging.ports import Acknowledged, Checkpoint, Cursor, Missing
from shared.messaging.relay import BEGINNING
from shared.messaging.relay_state import Overtaken
from shared.runtime import clock
from shared.storage.transaction import in_new_transaction
from tests.integration import toy
from tests.integration.messaging import ports
from tests.integration.messaging.running import until
from tests.unit.messaging.ground import KEYS, START, TOPIC, garbage, incoming, nth, outgoing

A, B = KEYS[:2]
LATER = START + timedelta(seconds=30)


@pytest.fixture(params=["memory", "facts", "contacts"])
def out(request, store) -> ports.OutboxUnderTest:
    if request.param == "memory":
        return ports.memory_outbox()
    store(toy.SERVICE)
    return ports.fact_outbox() if request.param == "facts" else ports.contact_outbox()


@pytest.fixture(params=["memory", "mongo"])
def inn(request, store) -> ports.InboxUnderTest:
    if request.param == "memory":
        return ports.memory_inbox()
    store(toy.SERVICE)
    return ports.mongo_inbox()


def acknowledged(*rows):
    return [Acknowledged(row, 0, offset) for offset, row in enumerate(rows)]


# The outbox.


def test_an_outbox_gives_what_was_put_in(out) -> None:
    row = out.add(1, START)
    (found,) = out.outbox.pending(START, LATER, 10)
    assert found == row


def test_windows_are_half_open_ordered_and_limited(out) -> None:
    rows = [out.add(number, START + timedelta(seconds=number)) for number in (3, 1, 2, 4)]
    by_age = sorted(rows, key=lambda row: row.recorded_at)
    assert out.outbox.pending(START + timedelta(seconds=1), START + timedelta(seconds=4), 10) == by_age[:3]
    assert out.outbox.pending(START, LATER, 2) == by_age[:2]
    assert out.outbox.pending(LATER, LATER, 2) == []
    assert out.outbox.oldest_pending() == START + timedelta(seconds=1)


def test_marked_rows_are_pending_no_more_and_reopened_ones_are_again(out) -> None:
    early, late, unsent = (out.add(number, START + timedelta(seconds=number)) for number in (1, 2, 3))
    reached = {0: [Checkpoint(0, early.event_id, START, START)], 2: [Checkpoint(7, late.event_id, LATER, START)]}
    out.outbox.mark(acknowledged(early), {0: reached[0]})
    out.outbox.mark(acknowledged(late), {2: reached[2]})
    assert out.outbox.pending(START, LATER, 9) == [unsent]
    assert out.outbox.checkpoints() == reached
    assert out.outbox.epoch() == 0
    assert out.outbox.reopen(START + timedelta(seconds=2)) == 1
    assert out.outbox.pending(START, LATER, 9) == [late, unsent]
    assert out.outbox.checkpoints() == {}
    assert out.outbox.epoch() == 1
    assert out.outbox.reopen(None) == 1
    assert out.outbox.pending(START, LATER, 9) == [early, late, unsent]
    assert out.outbox.reopen(None) == 0
    assert out.outbox.epoch() == 3


def test_marking_nothing_is_harmless_and_a_partition_keeps_its_checkpoints(out) -> None:
    row = out.add(1, START)
    out.outbox.mark(acknowledged(row), {0: [Checkpoint(0, row.event_id, START, START)]})
    out.outbox.mark([], {})
    assert list(out.outbox.checkpoints()) == [0]
    assert out.outbox.oldest_pending() is None


def test_a_long_outbox_is_reopened_whole_in_slices(out, monkeypatch) -> None:
    monkeypatch.setattr(outbox, "SLICE", 5)
    monkeypatch.setattr(contact_outbox, "SLICE", 5)
    rows = [out.add(number, START) for number in range(1, 18)]
    out.outbox.mark(acknowledged(*rows), {})
    assert out.outbox.reopen(None) == len(rows)
    assert len(out.outbox.pending(START, LATER, 5000)) == len(rows)


def test_a_party_that_changed_after_it_was_sent_is_still_to_be_sent(store) -> None:
    store(toy.SERVICE)
    contacts = ContactOutbox("enrollment")
    in_new_transaction(lambda: tell(ports.party(1)))
    (sent,) = contacts.pending(BEGINNING, clock.now() + timedelta(seconds=9), 9)
    in_new_transaction(lambda: tell(ports.party(2)))
    contacts.mark(acknowledged(sent), {})
    (newer,) = contacts.pending(BEGINNING, clock.now() + timedelta(seconds=9), 9)
    assert (sent.sequence, newer.sequence) == (1, 2)
    contacts.mark(acknowledged(newer), {})
    assert contacts.oldest_pending() is None


def test_a_relay_whose_lease_passed_on_changes_nothing(store) -> None:
    store(toy.SERVICE)
    out = ports.fact_outbox()
    row = out.add(1, START)
    FactOutbox(TOPIC, lambda: 5).mark([], {0: [Checkpoint(9, row.event_id, START, START)]})
    zombie = FactOutbox(TOPIC, lambda: 4)
    with pytest.raises(Overtaken):
        zombie.mark(acknowledged(row), {0: [Checkpoint(3, row.event_id, START, START)]})
    assert out.outbox.checkpoints() == {0: [Checkpoint(9, row.event_id, START, START)]}
    assert out.outbox.pending(START, LATER, 9) == [row]


# The inbox.


def inside(inn, work):
    return inn.inbox.transaction(work)


def gap(sequence: int, key: UUID = A, at: datetime = START):
    told = nth(key, sequence)
    return parked_record(incoming(told, sequence), told, "gap", "expected something", at)


def waiting(sequence: int, key: UUID = A, needs: str = "fact|key"):
    told = nth(key, sequence)
    return parked_record(
        incoming(told, sequence), told, "waiting", "needs it", START, waiting_for=needs, first_pause=10
    )


def test_cursors_start_at_nothing_and_remember(inn) -> None:
    cursor = inside(inn, lambda: inn.inbox.cursors([(TOPIC, A)]))[TOPIC, A]
    assert cursor == Cursor(TOPIC, A)
    for n in range(1, 20):
        cursor.advance(nth(A, n))
    cursor.parked = 2
    inside(inn, lambda: inn.inbox.save([cursor]))
    found = inside(inn, lambda: inn.again().cursors([(TOPIC, A), (TOPIC, B)]))
    assert found == {(TOPIC, A): cursor, (TOPIC, B): Cursor(TOPIC, B)}
    assert len(cursor.recent) == 16


def test_what_a_failing_transaction_did_is_gone(inn) -> None:
    def fail() -> None:
        inn.effect("never")
        inn.inbox.save([Cursor(TOPIC, A, 1)])
        inn.inbox.park(gap(3))
        inn.inbox.keep_party(ports.party(1))
        raise ValueError

    with pytest.raises(ValueError):
        inside(inn, fail)
    assert inn.effects() == []
    assert inside(inn, lambda: inn.inbox.cursors([(TOPIC, A)]))[TOPIC, A].sequence == 0
    assert inside(inn, lambda: inn.inbox.parked_at(TOPIC, A, 3)) is None
    assert inside(inn, lambda: inn.inbox.keep_party(ports.party(1)))


def test_a_changed_cursor_is_kept_only_when_it_is_saved(inn) -> None:
    inside(inn, lambda: inn.inbox.save([Cursor(TOPIC, A, 5)]))
    inside(inn, lambda: inn.inbox.cursors([(TOPIC, A)]))[TOPIC, A].sequence = 9
    assert inside(inn, lambda: inn.inbox.cursors([(TOPIC, A)]))[TOPIC, A].sequence == 5


def test_parking_is_once_per_place_and_gives_back_every_byte(inn) -> None:
    parked = replace(
        gap(3), applied=True, record=replace(gap(3).record, headers=[("a", b""), ("a", b"\xff"), ("b", b"x")])
    )
    assert inside(inn, lambda: inn.inbox.park(parked))
    assert not inside(inn, lambda: inn.inbox.park(parked))
    assert inside(inn, lambda: inn.inbox.parked_at(TOPIC, A, 3)) == parked
    inside(inn, lambda: inn.inbox.release(parked))
    inside(inn, lambda: inn.inbox.release(parked))
    assert inside(inn, lambda: inn.inbox.parked_at(TOPIC, A, 3)) is None
    assert inside(inn, lambda: inn.inbox.park(parked))


def test_garbage_is_kept_under_its_place_in_each_partition(inn) -> None:
    first, second = (undecodable_record(garbage(4, partition), "noise", START) for partition in (0, 1))
    assert inside(inn, lambda: [inn.inbox.park(first), inn.inbox.park(second), inn.inbox.park(first)]) == [
        True,
        True,
        False,
    ]


def test_waiting_records_are_due_by_time_and_by_the_fact_they_name(inn) -> None:
    inside(
        inn, lambda: [inn.inbox.park(waiting(2, B, "other|key")), inn.inbox.park(waiting(1)), inn.inbox.park(gap(9))]
    )
    assert inside(inn, lambda: inn.inbox.due(START + timedelta(seconds=9))) == []
    due = inside(inn, lambda: inn.inbox.due(START + timedelta(seconds=10)))
    assert [(parked.key, parked.sequence) for parked in due] == [(A, 1), (B, 2)]
    woken = inside(inn, lambda: inn.inbox.due(START, woken_by="fact|key"))
    assert [(parked.key, parked.sequence) for parked in woken] == [(A, 1)]
    assert inside(inn, lambda: inn.inbox.due(START, woken_by="nothing|waits")) == []


def test_a_record_parked_after_the_last_look_is_woken_too(inn) -> None:
    assert inside(inn, lambda: inn.inbox.due(START, woken_by="fact|key")) == []
    inside(inn, lambda: inn.inbox.park(waiting(1)))
    assert len(inside(inn, lambda: inn.inbox.due(START, woken_by="fact|key"))) == 1


def test_postponing_changes_what_is_parked_and_brings_nothing_back(inn) -> None:
    parked = waiting(1)
    inside(inn, lambda: inn.inbox.park(parked))
    later = replace(parked, tries=7, reason="failed", detail="gave up", next_try_at=None)
    inside(inn, lambda: inn.inbox.postpone(later))
    assert inside(inn, lambda: inn.inbox.parked_at(TOPIC, A, 1)) == later
    inside(inn, lambda: inn.inbox.release(later))
    inside(inn, lambda: inn.inbox.postpone(parked))
    assert inside(inn, lambda: inn.inbox.parked_at(TOPIC, A, 1)) is None


def test_a_discarded_record_is_parked_nowhere_and_not_parked_again(inn) -> None:
    parked = waiting(1)
    inside(inn, lambda: inn.inbox.park(parked))
    inside(inn, lambda: inn.inbox.discard(parked, "agreed", START))
    assert inside(inn, lambda: inn.inbox.parked_at(TOPIC, A, 1)) is None
    assert inside(inn, lambda: inn.inbox.due(LATER)) == []
    assert not inside(inn, lambda: inn.inbox.park(parked))


def test_missing_is_what_no_parked_record_explains(inn) -> None:
    failed = replace(gap(1, B), reason="failed")
    inside(inn, lambda: inn.inbox.save([Cursor(TOPIC, A, 3, parked=2)]))
    inside(inn, lambda: [inn.inbox.park(p) for p in (gap(6), gap(5), failed, gap(2, B))])
    assert inn.inbox.missing(START) == []
    assert inn.inbox.missing(LATER) == [Missing(TOPIC, A, 4)]


def test_tries_count_processes_not_attempts(inn) -> None:
    record = incoming(nth(A, 1), 5)
    assert [inn.inbox.begin(record) for _ in range(3)] == [1, 1, 1]
    other = inn.again()
    assert other.begin(record) == 2
    assert other.begin(incoming(nth(A, 2), 6)) == 1
    assert inn.again().begin(record) == 3
    inside(inn, lambda: inn.inbox.finish(record))
    assert inn.again().begin(record) == 1


def test_the_newest_party_is_kept_and_an_erasure_is_final(inn) -> None:
    keep = inn.inbox.keep_party
    assert inside(inn, lambda: [keep(ports.party(2)), keep(ports.party(1)), keep(ports.party(2))]) == [
        True,
        False,
        False,
    ]
    erased = Erased(party_id=A, version=3)
    assert inside(inn, lambda: [keep(erased), keep(erased), keep(ports.party(9))]) == [True, False, False]


# The log.


@pytest.fixture(params=["memory", "kafka"])
def log(request):
    if request.param == "memory":
        yield MemoryLog(partitions=3)
        return
    request.getfixturevalue("broker")
    log = KafkaLog("conformance")
    # each broker of a cluster learns by itself
    until(lambda: is_known(log), "the broker that the log asks knows the new topic")
    yield log
    log.close()


def is_known(log: KafkaLog) -> bool:
    try:
        return bool(log.bounds(TOPIC))
    except UnknownTopicOrPartitionError:
        return False


def test_a_log_keeps_each_key_in_one_partition_in_order(log) -> None:
    rows = [outgoing(key, n, datetime.now(UTC)) for n in (1, 2, 3) for key in KEYS]
    results = log.publish(rows)
    assert [result.record for result in results] == rows
    assert all(isinstance(result, Acknowledged) for result in results)
    for key in KEYS:
        places = [(result.partition, result.offset) for result in results if result.record.key == key]
        assert len({partition for partition, _ in places}) == 1
        assert [offset for _, offset in places] == sorted(offset for _, offset in places)
    bounds = log.bounds(TOPIC)
    assert set(bounds) == {0, 1, 2}
    assert sum(kept.end - kept.start for kept in bounds.values()) == len(rows)


def test_a_log_says_which_event_is_at_a_place(log) -> None:
    rows = [outgoing(A, n, datetime.now(UTC)) for n in (1, 2)]
    results = log.publish(rows)
    for result in results:
        assert log.event_at(TOPIC, result.partition, result.offset) == result.record.event_id


def test_a_tombstone_keeps_its_headers(log) -> None:
    (result,) = log.publish([replace(outgoing(A, 1, datetime.now(UTC)), value=None)])
    assert log.event_at(TOPIC, result.partition, result.offset) == result.record.event_id


def test_an_empty_topic_has_empty_bounds(log) -> None:
    assert {(kept.start, kept.end) for kept in log.bounds(TOPIC).values()} == {(0, 0)}
