"""A consumer's guarantee over the memory ports: applied once and in order, duplicate, ignored, or parked with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from shared.contracts.enrollment import InstitutionRegistered, PersonErased
from shared.messaging.delivery import BreakerOpen, OutOfTurn
from shared.messaging.reactions import NotYet
from tests.unit.messaging.ground import (
    KEYS,
    START,
    Away,
    Group,
    envelope,
    garbage,
    incoming,
    nth,
    of_type,
    records,
    suspended,
)

A, B, C = KEYS[:3]


@pytest.fixture
def group() -> Group:
    return Group()


def boom(*_: object) -> None:
    raise ValueError("a bug in the reaction")


def failing_at(*places: tuple[object, int]):
    def fail(_fact, about):
        if (about.key, about.sequence) in places:
            boom()

    return fail


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


def test_a_reaction_that_needs_another_fact_waits_and_is_woken_by_it(group: Group) -> None:
    def needs_b(_fact, about):
        if about.key == A and (B, 1) not in group.effects:
            raise NotYet(InstitutionRegistered, B)

    group.before = needs_b
    assert group.deliver(records((A, 1), (A, 2))) == ["parked", "parked"]
    assert group.parked() == [(1, "waiting"), (2, "gap")]
    assert group.heard.errors == [], "waiting is no failure"
    group.lot.retry_due()
    assert group.effects == []
    group.deliver(records((B, 1)))
    group.lot.retry_due()
    assert group.effects == [(B, 1), (A, 1), (A, 2)]


def test_a_reaction_that_waits_is_looked_at_again_ever_less_often(group: Group) -> None:
    tries = []

    def never(_fact, _about):
        tries.append(group.clock.now)
        raise NotYet(InstitutionRegistered, B)

    group.before = never
    group.deliver(records((A, 1)))
    for _ in range(600):
        group.clock.pass_(1)
        group.lot.retry_due()
    pauses = [round((later - earlier).total_seconds()) for earlier, later in pairwise(tries)]
    assert pauses[-1] == 60
    assert pauses == sorted(pauses)
    group.before = lambda *_: None
    group.settle()
    assert group.effects == [(A, 1)]


def test_a_failing_reaction_is_tried_a_few_times_then_parked_and_its_key_queues(group: Group) -> None:
    tries = []

    def fail(_fact, about):
        tries.append(about.sequence)
        failing_at((A, 2))(_fact, about)

    group.before = fail
    assert group.deliver(records((A, 1), (A, 2), (A, 3), (B, 1))) == ["applied", "parked", "parked", "applied"]
    assert tries.count(2) == 1 + 1 + 3, "in the batch, in its half, then alone"
    assert len(group.clock.slept) == 2, "no pause after the last try"
    assert group.parked() == [(2, "failed"), (3, "gap")]
    assert group.effects == [(A, 1), (B, 1)]
    assert [type(error) for error in group.heard.errors] == [ValueError]
    group.settle()
    assert group.parked() == [(2, "failed"), (3, "gap")], "it waits for an operator"


def test_a_failed_record_is_retried_by_hand_and_the_rest_follows(group: Group) -> None:
    group.before = failing_at((A, 2))
    group.deliver(records((A, 1), (A, 2), (A, 3), (A, 4)))
    failed = group.inbox.parked_at("score.enrollment", A, 2)
    assert not group.lot.retry(failed), "still broken"
    assert group.parked()[0] == (2, "failed")
    group.before = lambda *_: None
    assert group.lot.retry(group.inbox.parked_at("score.enrollment", A, 2))
    group.settle()
    assert group.effects == [(A, n) for n in (1, 2, 3, 4)]
    assert not group.parked()


def test_a_drained_record_that_fails_once_is_tried_again_before_an_operator_is_asked(group: Group) -> None:
    failures = [ValueError("transient"), ValueError("transient")]

    def flaky(_fact, about):
        if about.sequence == 2 and failures:
            raise failures.pop()

    group.deliver(records((A, 2)))
    group.before = flaky
    group.deliver(records((A, 1)))
    group.lot.retry_due()
    assert group.effects == [(A, 1), (A, 2)]


def test_discarding_advances_the_key_and_keeps_the_record(group: Group) -> None:
    group.before = failing_at((A, 1))
    group.deliver(records((A, 1), (A, 2)))
    group.lot.discard(group.inbox.parked_at("score.enrollment", A, 1), "agreed with the office")
    group.settle()
    assert group.effects == [(A, 2)]
    assert list(group.inbox.stored.discarded.values()) == ["agreed with the office"]
    assert group.deliver(records((A, 1))) == ["duplicate"]
    assert not group.parked()


def test_only_the_record_that_blocks_its_key_can_be_discarded(group: Group) -> None:
    group.before = failing_at((A, 1))
    group.deliver(records((A, 1), (A, 2)))
    with pytest.raises(OutOfTurn):
        group.lot.discard(group.inbox.parked_at("score.enrollment", A, 2), "the wrong one")
    assert group.parked() == [(1, "failed"), (2, "gap")]


class Killed(BaseException):
    """The process ends in this moment."""


def test_a_record_that_kills_its_process_is_parked_in_the_end(group: Group) -> None:
    def kill(_fact, about):
        if about.sequence == 2:
            raise Killed

    group.before = kill
    deaths = 0
    while deaths < 10:
        group.restart()
        group.delivery.assigned([("score.enrollment", 0)])
        try:
            assert group.deliver(records((A, 1), (A, 2), (A, 3), (B, 1)))[1:] == ["parked", "parked", "applied"]
            break
        except Killed:
            deaths += 1
    assert deaths == 3
    assert group.effects == [(A, 1), (B, 1)]
    assert group.parked() == [(2, "failed"), (3, "gap")]


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


def test_a_parked_record_that_kills_its_process_is_given_up_too(group: Group) -> None:
    group.deliver(records((A, 2)))

    def kill(_fact, about):
        if about.sequence == 2:
            raise Killed

    group.before = kill
    group.deliver(records((A, 1)))
    for _ in range(3):
        with pytest.raises(Killed):
            group.lot.retry_due()
        group.restart()
        group.delivery.assigned([("score.enrollment", 0)])
        group.deliver(records((C, 1), first=50))
    group.lot.retry_due()
    assert group.parked() == [(2, "failed")]


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


def test_a_batch_is_rolled_back_as_a_whole_and_told_apart(group: Group) -> None:
    seen = []

    def fail(_fact, about):
        seen.append((about.key, about.sequence))
        failing_at((B, 2))(_fact, about)

    group.before = fail
    assert group.deliver(records((A, 1), (B, 1), (B, 2), (C, 1))) == ["applied", "applied", "parked", "applied"]
    assert group.effects == [(A, 1), (B, 1), (C, 1)]
    assert seen[:3] == [(A, 1), (B, 1), (B, 2)]
    assert seen.count((A, 1)) == 2, "tried in the batch, rolled back, applied alone"


def test_too_many_failures_in_a_row_open_the_breaker_and_park_no_more(group: Group) -> None:
    group.before = boom
    many = records(*((key, 1) for key in KEYS), *((key, 2) for key in KEYS))
    with pytest.raises(BreakerOpen):
        group.deliver(many)
    assert len(group.parked()) == group.policy.breaker - 1
    for _ in range(20):
        with pytest.raises(BreakerOpen):
            group.deliver(many)
    assert len(group.parked()) == group.policy.breaker - 1, "an open breaker parks nothing more"
    group.before = lambda *_: None
    assert "applied" in group.deliver(many)
    group.before = failing_at((KEYS[0], 3))
    assert group.deliver(records((KEYS[0], 3), (KEYS[4], 3)))[-1] == "applied", "closed again"


def test_a_breaker_that_opened_does_not_condemn_the_record_that_opened_it(group: Group) -> None:
    group.before = boom
    many = records(*((key, 1) for key in KEYS))
    for _ in range(6):
        with pytest.raises(BreakerOpen):
            group.deliver(many)
    group.before = lambda *_: None
    group.restart()
    group.delivery.assigned([("score.enrollment", 0)])
    assert group.deliver(many)[-1] == "applied"


def test_another_fact_at_a_known_place_is_parked_and_never_applied(group: Group) -> None:
    group.deliver(records((A, 1), (A, 2)))
    other = incoming(envelope(suspended(A, "another"), A, 2), 7)
    assert group.deliver([other]) == ["parked"]
    assert group.parked() == [(2, "failed")]
    assert "Diverged" in group.inbox.parked_at("score.enrollment", A, 2).detail
    assert group.deliver(records((A, 3))) == ["applied"], "the key goes on"


def test_divergence_far_behind_is_a_plain_duplicate(group: Group) -> None:
    group.deliver(records(*((A, n) for n in range(1, 20))))
    assert group.deliver([incoming(envelope(suspended(A, "another"), A, 2), 99)]) == ["duplicate"]


def test_an_unknown_type_is_passed_and_the_cursor_moves(group: Group) -> None:
    unknown = of_type(incoming(nth(A, 1)), "id.score.enrollment.something_new.v1")
    assert group.deliver([unknown, *records((A, 2), first=1)]) == ["ignored", "applied"]


def test_a_newer_major_is_parked_and_its_key_waits(group: Group) -> None:
    newer = of_type(incoming(nth(A, 1)), "id.score.enrollment.institution_registered.v2")
    assert group.deliver([newer, *records((A, 2), (B, 1), first=1)]) == ["parked", "parked", "applied"]
    assert group.parked() == [(1, "failed"), (2, "gap")]


def test_after_an_upgrade_what_could_not_be_read_has_its_turn(group: Group) -> None:
    newer_type = "id.score.enrollment.institution_registered.v2"
    newer = of_type(incoming(nth(A, 1)), newer_type)
    group.before = failing_at((B, 1))
    group.deliver([newer, *records((A, 2), (B, 1), first=1)])
    assert group.lot.reconsider() == 0
    group.reactions.handlers[newer_type] = group.react
    assert group.lot.reconsider() == 1, "what failed for another reason still waits for an operator"


def test_garbage_is_quarantined_once_per_place_and_blocks_nobody(group: Group) -> None:
    found = [garbage(0), garbage(0, partition=1), *records((A, 1), first=1)]
    assert group.deliver(found) == ["parked", "parked", "applied"]
    assert len(group.parked()) == 2
    group.deliver(found)
    assert len(group.parked()) == 2
    for parked in list(group.inbox.stored.parked.values()):
        group.lot.discard(parked, "noise")
    group.deliver(found)
    assert not group.parked(), "discarded garbage that is read again stays discarded"


def test_a_body_that_cannot_be_read_blocks_its_key_instead_of_being_asked_for_for_ever(group: Group) -> None:
    broken = replace(incoming(nth(A, 1)), value=b'{"institution_id": 7}')
    assert group.deliver([broken, *records((A, 2), first=1)]) == ["parked", "parked"]
    assert group.parked() == [(1, "failed"), (2, "gap")]
    assert group.inbox.missing(group.clock.now + timedelta(seconds=9)) == []


def test_many_unreadable_bodies_open_the_breaker_but_garbage_does_not(group: Group) -> None:
    group.deliver([garbage(offset) for offset in range(20)])
    with pytest.raises(BreakerOpen):
        group.deliver([replace(incoming(nth(key, 1), 50), value=b"{}") for key in KEYS])


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
    group.reactions.on(PersonErased)(group.react)
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


def test_a_long_queue_drains_in_portions(group: Group) -> None:
    group.deliver(records(*((A, n) for n in range(2, 30))))
    group.deliver(records((A, 1)))
    assert group.lot.retry_due(most=10) == 10
    assert group.lot.retry_due(most=100) == 18
    assert group.effects == [(A, n) for n in range(1, 30)]


def test_a_batch_is_anticipated_as_far_as_it_will_be_applied(group: Group) -> None:
    foreseen: list[list[tuple[object, int]]] = []
    group.reactions.ahead(lambda coming: foreseen.append([(about.key, about.sequence) for about in coming]))
    group.deliver(records((A, 1)))
    assert foreseen == []  # nothing is saved by looking ahead of one
    stranger = of_type(records((C, 1))[0], "id.score.enrollment.training_cancelled.v1")
    group.deliver([*records((A, 1), (A, 2), (B, 1)), stranger])
    assert foreseen == [[(A, 2), (B, 1)]]
    assert group.effects == [(A, 1), (A, 2), (B, 1)]


def test_what_cannot_be_anticipated_is_taken_one_by_one(group: Group) -> None:
    group.reactions.ahead(boom)
    assert group.deliver(records((A, 1), (A, 2), (B, 1))) == ["applied"] * 3
    assert group.effects == [(A, 1), (A, 2), (B, 1)]
