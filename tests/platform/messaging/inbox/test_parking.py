"""Records that cannot be applied are parked with their reason, tried again, given up, and block their key alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from shared.contracts.events.enrollment import InstitutionRegistered
from shared.messaging.errors import OutOfOrder, WaitFor
from tests.support.memory_group import (
    A,
    B,
    C,
    Group,
    envelope,
    failing_at,
    garbage,
    incoming,
    nth,
    of_type,
    records,
    suspended,
)


def test_a_handler_that_needs_another_event_waits_and_is_woken_by_it(group: Group) -> None:
    def needs_b(_event, about):
        if about.key == A and (B, 1) not in group.effects:
            raise WaitFor(InstitutionRegistered, B)

    group.before = needs_b
    assert group.deliver(records((A, 1), (A, 2))) == ["parked", "parked"]
    assert group.parked() == [(1, "waiting"), (2, "gap")]
    assert group.observed.errors == [], "waiting is no failure"
    group.lot.retry_due()
    assert group.effects == []
    group.deliver(records((B, 1)))
    group.lot.retry_due()
    assert group.effects == [(B, 1), (A, 1), (A, 2)]


def test_a_handler_that_waits_is_looked_at_again_ever_less_often(group: Group) -> None:
    tries = []

    def never(_event, _about):
        tries.append(group.clock.now)
        raise WaitFor(InstitutionRegistered, B)

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


def test_a_failing_handler_is_tried_a_few_times_then_parked_and_its_key_queues(group: Group) -> None:
    tries = []

    def fail(_event, about):
        tries.append(about.sequence)
        failing_at((A, 2))(_event, about)

    group.before = fail
    assert group.deliver(records((A, 1), (A, 2), (A, 3), (B, 1))) == ["applied", "parked", "parked", "applied"]
    assert tries.count(2) == 1 + 1 + 3, "in the batch, in its half, then alone"
    assert len(group.clock.slept) == 2, "no pause after the last try"
    assert group.parked() == [(2, "failed"), (3, "gap")]
    assert group.effects == [(A, 1), (B, 1)]
    assert [type(error) for error in group.observed.errors] == [ValueError]
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

    def flaky(_event, about):
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
    with pytest.raises(OutOfOrder):
        group.lot.discard(group.inbox.parked_at("score.enrollment", A, 2), "the wrong one")
    assert group.parked() == [(1, "failed"), (2, "gap")]


class Killed(BaseException):
    """The process ends in this moment."""


def test_a_record_that_kills_its_process_is_parked_in_the_end(group: Group) -> None:
    def kill(_event, about):
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


def test_a_parked_record_that_kills_its_process_is_given_up_too(group: Group) -> None:
    group.deliver(records((A, 2)))

    def kill(_event, about):
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


def test_another_event_at_a_known_place_is_parked_and_never_applied(group: Group) -> None:
    group.deliver(records((A, 1), (A, 2)))
    other = incoming(envelope(suspended(A, "another"), A, 2), 7)
    assert group.deliver([other]) == ["parked"]
    assert group.parked() == [(2, "failed")]
    (aside,) = group.inbox.beside("score.enrollment", A, 2)
    assert "HistoryConflict" in aside.detail
    assert group.deliver(records((A, 3))) == ["parked"], "the key waits for its owner's word"
    assert group.effects == [(A, 1), (A, 2)]


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
    for place, parked in group.inbox.stored.parked.items():  # how errors are called and worded is nobody's promise
        group.inbox.stored.parked[place] = replace(parked, detail="in other words")
    group.consumer_group.handlers[newer_type] = group.react
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


def test_a_long_queue_drains_in_portions(group: Group) -> None:
    group.deliver(records(*((A, n) for n in range(2, 30))))
    group.deliver(records((A, 1)))
    assert group.lot.retry_due(most=10) == 10
    assert group.lot.retry_due(most=100) == 18
    assert group.effects == [(A, n) for n in range(1, 30)]
