"""The true event wins: whatever stands at its place in a group's memory, the owner's history is the truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from shared.contracts.wire.record import ANSWERS_HEADER
from shared.messaging.errors import HistoryConflict, OutOfOrder
from shared.messaging.ports import Incoming, Parked
from shared.messaging.seals import ANSWER_SEAL_HEADER
from tests.support.memory_group import TOPIC, A, B, Group, boom, envelope, incoming, nth, records, suspended
from tests.support.records import answering


@pytest.fixture
def group() -> Group:
    return Group()


def forged(key: UUID, sequence: int, offset: int = 50) -> Incoming:
    """Another event at that place of the key's history than its owner's."""
    told = replace(envelope(suspended(key, "forged"), key, sequence), id=UUID(int=9_000 + sequence))
    return incoming(told, offset)


def asked(group: Group) -> UUID:
    """The request by which the owner of the one key in doubt is asked."""
    (gap,) = group.inbox.missing(group.clock.now + timedelta(seconds=60))
    assert gap.request_id
    assert gap.sequence == 1, "the whole history"
    return gap.request_id


def answer(key: UUID, length: int, request: UUID, first: int = 100) -> list[Incoming]:
    """What the owner sends in answer: all of the key's history."""
    sent = records(*((key, sequence) for sequence in range(1, length + 1)), first=first)
    return [answering(one, request) for one in sent]


def sequences(group: Group, key: UUID = A) -> list[int]:
    return [sequence for found, sequence in group.effects if found == key]


def asides(group: Group) -> list[Parked]:
    return [parked for parked in group.inbox.stored.parked.values() if parked.aside]


def test_the_owners_event_is_applied_though_a_forged_one_came_first(group: Group) -> None:
    group.deliver([*records((A, 1)), forged(A, 2)])
    assert group.deliver(records((A, 2), (A, 3), first=60)) == ["parked", "parked"], "what follows waits for the owner"
    assert sequences(group) == [1, 2]
    assert group.deliver(answer(A, 3, asked(group))) == ["duplicate", "applied", "duplicate"]
    group.settle()
    assert sequences(group) == [1, 2, 2, 3]
    assert group.inbox.stored.cursors[TOPIC, A].doubt is None
    (left,) = group.inbox.stored.parked.values()
    assert (left.failure, left.event_id, left.sequence) == ("forged", UUID(int=9_002), 2)
    assert "was applied" in left.detail
    assert group.deliver(records((A, 2), (A, 3), (A, 4), first=90)) == ["duplicate", "duplicate", "applied"]


def test_a_stray_record_at_a_known_place_changes_nothing_and_stays_parked(group: Group) -> None:
    group.deliver(records((A, 1), (A, 2)))
    assert group.deliver([forged(A, 2)]) == ["parked"]
    assert group.deliver(answer(A, 2, asked(group))) == ["duplicate", "duplicate"]
    (left,) = asides(group)
    assert (left.reason, left.failure) == ("failed", "forged")
    assert "was not applied" in left.detail
    assert group.deliver([forged(A, 2, 70)]) == ["duplicate"], "a copy of what is known to be forged asks nobody"
    assert group.deliver(records((A, 3))) == ["applied"]
    assert sequences(group) == [1, 2, 3]


@pytest.mark.parametrize("length", [5, 40])
def test_an_owner_restored_from_a_backup_is_heard_however_far_the_group_is_ahead(group: Group, length: int) -> None:
    lost = [forged(A, sequence, 200 + sequence) for sequence in range(2, length)]
    group.deliver([*records((A, 1)), *lost])
    assert group.deliver(records((A, 2), first=900)) == ["parked"]
    assert group.deliver(answer(A, 2, asked(group), 910)) == ["duplicate", "applied"]
    assert group.deliver(records((A, 3), first=950)) == ["parked"]
    assert group.deliver(answer(A, 3, asked(group), 960)) == ["duplicate", "duplicate", "applied"]
    group.settle()
    assert sequences(group)[length - 1 :] == [2, 3]


def test_a_forged_record_that_waits_at_a_place_gives_way_to_the_owners(group: Group) -> None:
    group.deliver([*records((A, 1)), forged(A, 3)])
    assert group.parked() == [(3, "gap")]
    assert group.deliver(records((A, 3), first=60)) == ["parked"]
    group.deliver(records((A, 2), first=61))
    assert sequences(group) == [1, 2], "the owner is asked about the next one first"
    group.deliver(answer(A, 3, asked(group)))
    group.settle()
    assert sequences(group) == [1, 2, 3]
    assert [(one.event_id, one.failure) for one in asides(group)] == [(UUID(int=9_003), "forged")]


def test_a_forged_record_that_failed_gives_way_too(group: Group) -> None:
    group.before = lambda event, _about: boom() if getattr(event, "reason", "") == "forged" else None
    group.deliver([*records((A, 1)), forged(A, 2)])
    assert group.parked() == [(2, "failed")]
    assert group.deliver(records((A, 2), first=60)) == ["parked"]
    group.deliver(answer(A, 2, asked(group)))
    group.settle()
    assert sequences(group) == [1, 2]
    assert group.inbox.stored.cursors[TOPIC, A].parked == 0


def test_the_owners_event_that_fails_is_tried_again_and_its_key_waits(group: Group) -> None:
    group.deliver([*records((A, 1)), forged(A, 2)])
    group.deliver(records((A, 2), first=60))
    group.before = lambda *_: boom()
    assert group.deliver(answer(A, 2, asked(group)))[1] == "parked"
    assert group.deliver(records((A, 3), first=80)) == ["parked"]
    group.before = lambda *_: None
    (failed,) = [one for one in asides(group) if one.is_owners]
    assert group.lot.retry(failed)
    group.settle()
    assert sequences(group) == [1, 2, 2, 3]


def test_retrying_what_diverges_applies_nothing_throws_nothing_away_and_asks_again(group: Group) -> None:
    group.deliver([*records((A, 1)), forged(A, 2), *records((A, 2), first=60)])
    asked(group)
    assert not group.inbox.missing(group.clock.now + timedelta(seconds=60))
    (diverged,) = asides(group)
    assert not group.lot.retry(diverged)
    (diverged,) = asides(group)
    assert (diverged.reason, diverged.failure) == ("failed", "diverged")
    assert HistoryConflict.__name__ in diverged.detail
    assert asked(group)


def test_a_forged_answer_names_no_request(group: Group) -> None:
    group.deliver([*records((A, 1)), forged(A, 2), *records((A, 2), first=60)])
    (again,) = answer(A, 1, UUID(int=5))
    assert group.deliver([replace(again, offset=90)]) == ["duplicate"]
    assert group.deliver(
        [replace(one, headers=[*one.headers, (ANSWERS_HEADER, b"nonsense")]) for one in records((A, 3))]
    )
    assert sequences(group) == [1, 2]
    assert group.inbox.stored.cursors[TOPIC, A].doubt


def test_an_answer_that_its_owner_has_not_sealed_is_none(group: Group) -> None:
    """Whoever reads the control topic knows the request."""
    group.deliver([*records((A, 1)), forged(A, 2), *records((A, 2), first=60)])
    request = asked(group)
    (true,) = answer(A, 1, request)
    named = [*forged(A, 2, 80).headers, (ANSWERS_HEADER, str(request).encode())]
    seal = next(header for header in true.headers if header[0] == ANSWER_SEAL_HEADER)
    false = [replace(forged(A, 2, 80), headers=headers) for headers in (named, [*named, seal])]
    group.deliver([*false, replace(true, value=b"{}", offset=82)])
    assert group.inbox.stored.cursors[TOPIC, A].doubt == request
    assert sequences(group) == [1, 2], "the forged one, and nothing in its favour"
    group.deliver(answer(A, 2, request))
    group.settle()
    assert sequences(group) == [1, 2, 2]
    assert group.inbox.stored.cursors[TOPIC, A].doubt is None


def test_what_a_person_gives_up_holds_no_place(group: Group) -> None:
    """Neither the true event at that place, nor the key behind a doubt that nobody can answer."""
    group.deliver([*records((A, 1)), forged(A, 2)])
    group.deliver([replace(forged(A, 2, 70), value=nth(A, 2).body), *records((A, 3), first=71)])
    (diverged,) = asides(group)
    group.lot.discard(diverged, "a rehearsal")
    group.settle()
    assert sequences(group) == [1, 2, 3]


def test_what_may_be_the_true_event_is_not_given_up_before_its_owner_has_answered(group: Group) -> None:
    """It would never be parked again, and its key would wait for it without an end."""
    broken = replace(records((A, 1))[0], value=b"{}")
    group.deliver([broken])
    group.deliver([forged(A, 1)])
    with pytest.raises(OutOfOrder, match="is asked which event"):
        group.lot.discard(group.inbox.parked_at(TOPIC, A, 1), "it cannot be read")
    doubt = group.inbox.stored.cursors[TOPIC, A].doubt
    assert doubt
    group.deliver([replace(answering(broken, doubt), offset=90), *records((A, 2), first=91)])
    group.lot.discard(group.inbox.parked_at(TOPIC, A, 1), "it cannot be read")
    group.settle()
    assert sequences(group) == [2]


def test_a_gap_that_its_owner_does_not_know_is_asked_for_ever_less_often_and_can_be_given_up(group: Group) -> None:
    group.deliver([forged(A, 7)])
    asks = []
    for second in range(40_000):
        asks += [second] * len(group.inbox.missing(group.clock.now + timedelta(seconds=second)))
    assert len(asks) == group.policy.asks
    pauses = [later - earlier for earlier, later in pairwise(asks)]
    assert pauses == sorted(pauses)
    (unknown,) = group.inbox.stored.parked.values()
    group.lot.discard(unknown, "nobody's")
    assert group.inbox.stored.cursors[TOPIC, A].parked == 0
    group.deliver(records(*((A, sequence) for sequence in (7, 1, 2, 3, 4, 5, 6, 8)), first=100))
    group.settle()
    assert sequences(group) == list(range(1, 9))


def test_what_comes_behind_an_unknown_gap_has_the_owner_asked_anew(group: Group) -> None:
    group.deliver([forged(A, 7)])
    for second in range(40_000):
        group.inbox.missing(group.clock.now + timedelta(seconds=second))
    group.clock.pass_(40_000)
    group.deliver(records((A, 8)))
    (gap,) = group.inbox.missing(group.clock.now + timedelta(seconds=10))
    assert (gap.key, gap.sequence, gap.request_id) == (A, 1, None)


def test_many_forged_records_do_not_stop_the_group(group: Group) -> None:
    group.deliver(records(*((A, sequence) for sequence in range(1, 31))))
    stray = [forged(A, sequence, 100 + sequence) for sequence in range(1, 31)]
    assert group.deliver(stray) == ["parked"] * 30
    assert group.deliver(records((B, 1))) == ["applied"]
