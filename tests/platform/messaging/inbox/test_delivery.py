"""A consumer's guarantee over the memory ports: applied once and in order, duplicate, ignored, or parked with its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.contracts.events.enrollment import PersonErased
from tests.support.memory_group import (
    START,
    A,
    Away,
    B,
    C,
    Group,
    boom,
    envelope,
    failing_at,
    incoming,
    nth,
    of_type,
    records,
    suspended,
)


def test_next_is_applied_lower_is_a_duplicate_higher_is_a_gap(group: Group) -> None:
    assert group.deliver(records((A, 1), (A, 2))) == ["applied", "applied"]
    assert group.deliver(records((A, 1), (A, 2))) == ["duplicate", "duplicate"]
    assert group.deliver(records((A, 4))) == ["parked"]
    assert group.parked() == [(4, "gap")]
    assert group.effects == [(A, 1), (A, 2)]


def test_a_record_twice_in_one_batch_has_one_effect(group: Group) -> None:
    assert group.deliver(records((A, 1), (A, 1), (A, 2), (A, 2))) == ["applied", "duplicate"] * 2
    assert group.effects == [(A, 1), (A, 2)]


def test_a_gap_drains_in_order_when_it_closes(group: Group) -> None:
    group.deliver(records((A, 4), (A, 3), (A, 2), (B, 1)))
    assert group.effects == [(B, 1)]
    group.deliver(records((A, 1)))
    group.lot.retry_due()
    assert [effect for effect in group.effects if effect[0] == A] == [(A, n) for n in (1, 2, 3, 4)]
    assert not group.parked()
    assert group.inbox.stored.cursors["score.enrollment", A].parked == 0


def test_keys_do_not_wait_for_each_other(group: Group) -> None:
    assert group.deliver(records((A, 2), (B, 1), (A, 3), (B, 2), (C, 1))) == [
        "parked", "applied", "parked", "applied", "applied",
    ]  # fmt: skip


def test_what_is_missing_is_named_once_and_not_when_it_is_parked_itself(group: Group) -> None:
    group.before = failing_at((B, 1))
    group.deliver(records((A, 1), (A, 4), (A, 5), (B, 1), (B, 2)))
    holes = group.inbox.missing(group.clock.now + timedelta(seconds=1))
    assert [(hole.key, hole.sequence) for hole in holes] == [(A, 2)]
    assert group.inbox.missing(group.clock.now) == [], "a gap may close by itself first"


def test_what_the_group_only_passes_is_passed_together_after_an_assignment_too(group: Group, monkeypatch) -> None:
    begun, transactions, run = [], [], group.inbox.transaction
    monkeypatch.setattr(group.inbox, "begin", lambda record: begun.append(record.offset) or 1)
    monkeypatch.setattr(group.inbox, "transaction", lambda work: transactions.append(work) or run(work))
    passed = [of_type(one, "id.score.enrollment.enterprise_withdrawn.v1") for one in records((A, 1), (B, 1), (A, 2))]
    strange = of_type(*records((C, 1), first=8), "id.score.enrollment.something_new.v1")
    group.delivery.assigned([("score.enrollment", 0)])
    assert group.deliver([*passed, strange, *records((A, 3), first=9)]) == [*["ignored"] * 4, "applied"]
    assert begun == [8, 9]
    assert len(transactions) == 3
    assert group.effects == [(A, 3)]


def test_a_store_that_is_away_parks_nothing_however_often(group: Group) -> None:
    def away(*_):
        raise Away

    group.before = away
    group.delivery.assigned([("score.enrollment", 0)])
    for _ in range(10):
        with pytest.raises(Away):
            group.deliver(records((A, 1)))
    assert not group.parked()
    group.before = lambda *_: None
    assert group.deliver(records((A, 1))) == ["applied"]


def test_a_store_that_answers_only_short_transactions_is_given_them(group: Group, monkeypatch) -> None:
    lengths, run = [0], group.inbox.transaction
    monkeypatch.setattr(group.inbox, "transaction", lambda work: lengths.append(0) or run(work))

    def too_long(*_):
        lengths[-1] += 1
        if lengths[-1] > 2:
            raise Away

    group.before = too_long
    polled = records(*((A, n) for n in range(1, 17)))
    for _ in range(3):  # 16, 8 and 4 are too many
        with pytest.raises(Away):
            group.deliver(polled)
    assert group.deliver(polled) == ["applied"] * 16, "two at a time"
    assert group.effects == [(A, n) for n in range(1, 17)]
    assert not group.parked()
    more = records(*((A, n) for n in range(17, 33)), first=40)
    with pytest.raises(Away):  # after a batch that went well more are tried
        group.deliver(more)
    assert group.deliver(more) == ["applied"] * 16


def test_a_batch_is_rolled_back_as_a_whole_and_told_apart(group: Group) -> None:
    seen = []

    def fail(_event, about):
        seen.append((about.key, about.sequence))
        failing_at((B, 2))(_event, about)

    group.before = fail
    assert group.deliver(records((A, 1), (B, 1), (B, 2), (C, 1))) == ["applied", "applied", "parked", "applied"]
    assert group.effects == [(A, 1), (B, 1), (C, 1)]
    assert seen[:3] == [(A, 1), (B, 1), (B, 2)]
    assert seen.count((A, 1)) == 2, "tried in the batch, rolled back, applied alone"


def test_divergence_far_behind_is_no_duplicate(group: Group) -> None:
    group.deliver(records(*((A, n) for n in range(1, 40))))
    assert group.deliver(records(*((A, n) for n in range(1, 40)), first=50)) == ["duplicate"] * 39
    assert group.deliver([incoming(envelope(suspended(A, "another"), A, 2), 99)]) == ["parked"]


def test_an_unknown_type_is_passed_and_the_cursor_moves(group: Group) -> None:
    unknown = of_type(incoming(nth(A, 1)), "id.score.enrollment.something_new.v1")
    assert group.deliver([unknown, *records((A, 2), first=1)]) == ["ignored", "applied"]


def test_a_group_that_starts_now_walks_history_without_acting_on_it() -> None:
    group = Group(start="now")
    old = [incoming(nth(A, n, START - timedelta(days=1)), n) for n in (1, 2)]
    new = [incoming(nth(A, 3, START + timedelta(seconds=1)), 3)]
    assert group.deliver(old + new) == ["ignored", "ignored", "applied"]
    assert group.effects == [(A, 3)]


def test_the_gaps_of_a_now_group_count_as_well() -> None:
    group = Group(start="now")
    assert group.deliver([incoming(nth(A, 3, START + timedelta(seconds=1)), 3)]) == ["parked"]


def test_an_erasure_is_applied_on_arrival_and_counted_in_its_turn(group: Group) -> None:
    group.consumer_group.handles(PersonErased)(group.react)
    erased = incoming(envelope(PersonErased(person_id=A), A, 3), 3)
    group.before = failing_at((A, 1))
    assert group.deliver([*records((A, 1)), erased]) == ["parked", "parked"]
    assert group.effects == [(A, 3)], "nobody waits to be forgotten"
    assert group.deliver([erased]) == ["parked"]
    assert group.effects == [(A, 3)]
    group.before = lambda *_: None
    group.lot.retry(group.inbox.parked_at("score.enrollment", A, 1))
    group.deliver(records((A, 2), first=9))
    group.settle()
    assert group.effects == [(A, 3), (A, 1), (A, 2)]
    assert not group.parked()
    assert group.inbox.stored.cursors["score.enrollment", A].sequence == 3


def test_duplicates_write_no_cursor(group: Group) -> None:
    group.deliver(records((A, 1)))
    saved: list[object] = []
    group.inbox.save = saved.extend  # type: ignore[method-assign]
    assert group.deliver(records((A, 1))) == ["duplicate"]
    assert saved == []


def test_a_batch_is_anticipated_as_far_as_it_will_be_applied(group: Group) -> None:
    foreseen: list[list[tuple[object, int]]] = []
    group.consumer_group.prefetch(lambda coming: foreseen.append([(about.key, about.sequence) for _, about in coming]))
    group.deliver(records((A, 1)))
    assert foreseen == []  # nothing is saved by looking ahead of one
    stranger = of_type(records((C, 1))[0], "id.score.enrollment.training_cancelled.v1")
    group.deliver([*records((A, 1), (A, 2), (B, 1)), stranger])
    assert foreseen == [[(A, 2), (B, 1)]]
    assert group.effects == [(A, 1), (A, 2), (B, 1)]


def test_what_cannot_be_anticipated_is_taken_one_by_one(group: Group) -> None:
    group.consumer_group.prefetch(boom)
    assert group.deliver(records((A, 1), (A, 2), (B, 1))) == ["applied"] * 3
    assert group.effects == [(A, 1), (A, 2), (B, 1)]
