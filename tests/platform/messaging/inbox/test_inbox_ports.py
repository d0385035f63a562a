"""What an inbox promises, asked of the one in memory and of the real one alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from shared.contracts.wire.compacted import Tombstone
from shared.kernel import clock, ids
from shared.messaging.cursors import Cursor
from shared.messaging.inbox.parked import parked_record, undecodable_record
from shared.messaging.ports import Gap, Heard
from shared.storage import connection
from tests.support import port_pairs, toy
from tests.support.memory_group import START, TOPIC, garbage, incoming, nth
from tests.support.port_pairs import LATER, PARTIES, A, B


@pytest.fixture(params=["memory", "mongo"])
def inn(request, store) -> port_pairs.InboxUnderTest:
    if request.param == "memory":
        return port_pairs.memory_inbox()
    store(toy.SERVICE)
    return port_pairs.mongo_inbox()


def inside(inn, work):
    return inn.inbox.transaction(work)


def gap(sequence: int, key: UUID = A, at: datetime = START):
    told = nth(key, sequence)
    return parked_record(incoming(told, sequence), told, "gap", "expected something", at)


def waiting(sequence: int, key: UUID = A, needs: str = "event|key"):
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
        inn.inbox.keep_copy(port_pairs.party(1), Heard(PARTIES))
        raise ValueError

    with pytest.raises(ValueError):
        inside(inn, fail)
    assert inn.effects() == []
    assert inside(inn, lambda: inn.inbox.cursors([(TOPIC, A)]))[TOPIC, A].sequence == 0
    assert inside(inn, lambda: inn.inbox.parked_at(TOPIC, A, 3)) is None
    assert inside(inn, lambda: inn.inbox.keep_copy(port_pairs.party(1), Heard(PARTIES)))


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


@pytest.mark.parametrize("failure", ["newer-version", "other"])
def test_what_failed_is_remembered_by_a_code(inn, failure) -> None:
    parked = replace(gap(3), reason="failed", failure=failure)
    inside(inn, lambda: inn.inbox.park(parked))
    assert inside(inn, inn.inbox.failed) == [parked]


def test_what_failed_in_a_release_without_codes_is_told_by_its_words(store) -> None:
    store(toy.SERVICE)
    inn, rows = port_pairs.mongo_inbox(), connection.database()["parked"]
    details = {
        1: "NewerVersion: id.score.toy.v2 is newer than what this release reads",
        2: "Undecodable: no NewerVersion",
    }
    for sequence, detail in details.items():
        parked = replace(gap(sequence), reason="failed", detail=detail)
        inside(inn, partial(inn.inbox.park, parked))
    rows.update_many({}, {"$unset": {"failure": ""}})
    found = inside(inn, inn.inbox.failed)
    assert {parked.sequence: parked.failure for parked in found} == {1: "newer-version", 2: "other"}


def test_garbage_is_kept_under_its_place_in_each_partition(inn) -> None:
    first, second = (undecodable_record(garbage(4, partition), "noise", START) for partition in (0, 1))
    assert inside(inn, lambda: [inn.inbox.park(first), inn.inbox.park(second), inn.inbox.park(first)]) == [
        True,
        True,
        False,
    ]


def test_waiting_records_are_due_by_time_and_by_the_event_they_name(inn) -> None:
    inside(
        inn, lambda: [inn.inbox.park(waiting(2, B, "other|key")), inn.inbox.park(waiting(1)), inn.inbox.park(gap(9))]
    )
    assert inside(inn, lambda: inn.inbox.due(START + timedelta(seconds=9))) == []
    due = inside(inn, lambda: inn.inbox.due(START + timedelta(seconds=10)))
    assert [(parked.key, parked.sequence) for parked in due] == [(A, 1), (B, 2)]
    woken = inside(inn, lambda: inn.inbox.due(START, woken_by="event|key"))
    assert [(parked.key, parked.sequence) for parked in woken] == [(A, 1)]
    assert inside(inn, lambda: inn.inbox.due(START, woken_by="nothing|waits")) == []


def test_a_record_parked_after_the_last_look_is_woken_too(inn) -> None:
    assert inside(inn, lambda: inn.inbox.due(START, woken_by="event|key")) == []
    inside(inn, lambda: inn.inbox.park(waiting(1)))
    assert len(inside(inn, lambda: inn.inbox.due(START, woken_by="event|key"))) == 1


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
    assert inn.inbox.missing(LATER) == [Gap(TOPIC, A, 4)]


def test_what_its_owner_has_nothing_of_is_missing_again_after_minutes_then_after_hours(inn) -> None:
    inside(inn, lambda: [inn.inbox.park(p) for p in (gap(6), gap(5, B))])
    assert len(inn.inbox.missing(LATER)) == 2
    inside(inn, lambda: inn.inbox.note_unknown("score.another", [A], LATER))
    inside(inn, lambda: inn.inbox.note_unknown(TOPIC, [A], LATER))
    minute = timedelta(minutes=1)
    assert inn.inbox.missing(LATER + minute) == [Gap(TOPIC, B, 1)]
    assert Gap(TOPIC, A, 1) in inn.inbox.missing(LATER + 6 * minute)
    inside(inn, lambda: inn.inbox.note_unknown(TOPIC, [A], LATER + 6 * minute))
    assert Gap(TOPIC, A, 1) not in inn.inbox.missing(LATER + 120 * minute)
    assert Gap(TOPIC, A, 1) in inn.inbox.missing(LATER + 240 * minute)
    inside(inn, lambda: inn.inbox.note_unknown(TOPIC, [A], LATER + 240 * minute))
    assert Gap(TOPIC, A, 1) not in inn.inbox.missing(LATER + 9_999 * minute), "a person decides"


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
    keep = partial(kept, inn)
    assert inside(inn, lambda: [keep(port_pairs.party(2)), keep(port_pairs.party(1)), keep(port_pairs.party(2))]) == [
        True,
        False,
        False,
    ]
    erased = Tombstone(key=A, version=3)
    assert inside(inn, lambda: [keep(erased), keep(erased), keep(port_pairs.party(9))]) == [True, False, False]


def test_a_version_that_jumps_is_in_doubt_until_its_owner_answers(inn) -> None:
    keep = partial(kept, inn)
    inside(inn, lambda: keep(port_pairs.party(1)))
    assert doubts(inn) == []
    inside(inn, lambda: keep(port_pairs.party(2)))
    assert doubts(inn) == [], "the next one is believed"
    assert inside(inn, lambda: keep(port_pairs.party(7)))
    (doubt,) = doubts(inn)
    assert (doubt.topic, doubt.key) == (PARTIES, A)
    assert doubts(inn) == [], "not asked again at once"
    assert [one.request_id for one in doubts(inn, timedelta(hours=1))] == [doubt.request_id]
    assert not inside(inn, lambda: keep(port_pairs.party(7))), "whoever says it again proves nothing"
    assert inside(inn, lambda: keep(port_pairs.party(8))), "nor does what follows it"
    assert not inside(inn, lambda: keep(port_pairs.party(8), ids.new())), "nor an answer to something else"
    assert inside(inn, lambda: keep(port_pairs.party(3), ids.new(), doubt.request_id))
    assert doubts(inn, timedelta(hours=2)) == []
    assert inside(inn, lambda: keep(port_pairs.party(4))), "the owner goes on from what it said"
    assert doubts(inn, timedelta(hours=2)) == []


def test_a_party_of_which_the_first_word_is_not_the_first_version_is_in_doubt(inn) -> None:
    keep = partial(kept, inn)
    inside(inn, lambda: keep(port_pairs.party(9)))
    (doubt,) = doubts(inn)
    assert inside(inn, lambda: not keep(port_pairs.party(1)))
    assert doubts(inn) == [doubt], "what contradicts it has the owner asked soon"
    assert inside(inn, lambda: keep(port_pairs.party(9), doubt.request_id))
    assert inside(inn, lambda: not keep(port_pairs.party(9), doubt.request_id))
    assert doubts(inn, timedelta(hours=1)) == []


def test_an_owner_that_has_forgotten_a_party_answers_with_its_erasure(inn) -> None:
    keep = partial(kept, inn)
    inside(inn, lambda: keep(port_pairs.party(9)))
    (doubt,) = doubts(inn)
    assert inside(inn, lambda: keep(Tombstone(key=A, version=3), doubt.request_id))
    assert not inside(inn, lambda: keep(port_pairs.party(10)))
    assert doubts(inn, timedelta(hours=1)) == []


def test_who_is_only_shown_is_asked_about_by_nobody(inn) -> None:
    shown = Heard(PARTIES, is_written_to=False)
    assert inside(inn, lambda: inn.inbox.keep_copy(port_pairs.party(9), shown))
    assert inside(inn, lambda: not inn.inbox.keep_copy(port_pairs.party(8), shown))
    assert doubts(inn) == []


def kept(inn, party, *answers):
    return inn.inbox.keep_copy(party, Heard(PARTIES, frozenset(answers)))


def doubts(inn, later: timedelta = timedelta()):
    return inn.inbox.claim_doubts([PARTIES], clock.now() + later, 10)
