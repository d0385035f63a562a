"""A record is decoded once, before its delivery; what cannot be read is parked among its neighbours and disturbs none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from shared.contracts.envelope import Envelope
from shared.contracts.event import type_of
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended, PersonErased
from shared.contracts.parties import CONTACTS, Party
from shared.contracts.wire.compacted import Tombstone
from shared.messaging.errors import BreakerOpen
from shared.messaging.inbox.decoding import DecodedEntry, DecodedEvent, Unreadable, UnreadableEvent, decode
from shared.messaging.inbox.runner import delivery_for
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.ports import UNREAD_HEADER, Incoming
from shared.messaging.subscriptions import ConsumerGroup
from tests.support import toy
from tests.support.memory_group import (
    KEYS,
    START,
    TOPIC,
    A,
    Away,
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
)
from tests.support.memory_inbox import MemoryInbox
from tests.support.monitor import MONITOR
from tests.support.records import party_record

PARTIES = CONTACTS.of("enrollment")
NEWER = type_of(InstitutionRegistered).replace(".v1", ".v2")
BAD = UUID(int=99)


class CountingInbox(MemoryInbox):
    def __init__(self) -> None:
        super().__init__()
        self.begun: list[int] = []
        self.committed = self.rolled_back = 0
        self.is_away = False

    def begin(self, record: Incoming) -> int:
        self.begun.append(record.offset)
        return super().begin(record)

    def transaction(self, work):
        try:
            result = super().transaction(work)
        except BaseException:
            self.rolled_back += 1
            raise
        if self.is_away:
            raise Away
        self.committed += 1
        return result


@pytest.fixture
def inbox() -> CountingInbox:
    return CountingInbox()


@pytest.fixture
def group(inbox: CountingInbox) -> Group:
    group = Group(inbox)
    group.consumer_group.handles_party("enrollment")(lambda _: None)
    return group


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes | None]:
    """The keys of the records whose envelope was parsed, in that order."""
    keys: list[bytes | None] = []
    parse: Callable[..., Envelope] = Envelope.from_record

    def noted(key, headers, value):
        keys.append(key)
        return parse(key, headers, value)

    monkeypatch.setattr(Envelope, "from_record", noted)
    return keys


def party(key: UUID, offset: int, value: bytes | None = None) -> Incoming:
    version = Party(party_id=key, version=1, kind="person", name="Wayan")
    record = party_record(version, owner="enrollment", event_id=UUID(int=5), time=START)
    return Incoming(PARTIES, 0, offset, record.key, record.headers, record.value if value is None else value)


def broken(key: UUID, sequence: int, offset: int) -> Incoming:
    return replace(incoming(nth(key, sequence), offset), value=b'{"institution_id": 7}')


def newer(key: UUID, offset: int) -> Incoming:
    return of_type(incoming(nth(key, 1), offset), NEWER)


def seven(first: int = 0) -> list[Incoming]:
    """Good records of three keys."""
    return records((A, 1), (A, 2), (B, 1), (A, 3), (B, 2), (C, 1), (C, 2), first=first)


UNREADABLE = {
    "garbage": garbage(50),
    "no body": replace(incoming(nth(BAD, 1), 50), value=None),
    "not taken apart by the client": Incoming(TOPIC, 0, 50, None, [(UNREAD_HEADER, b"CorruptRecordError")], None),
    "a broken content": broken(BAD, 1, 50),
    "a newer version": newer(BAD, 50),
    "a party that is none": replace(party(BAD, 50), headers=[("noise", b"\xff")]),
    "a party with a broken content": party(BAD, 50, b"{}"),
}


@pytest.mark.parametrize("bad", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("place", [0, 3, 7])
def test_one_among_seven_good_ones_rolls_nothing_back_and_halves_no_batch(
    group: Group, inbox: CountingInbox, parsed: list[bytes | None], bad: Incoming, place: int
) -> None:
    batch = seven()
    batch.insert(place, bad)
    expected = ["applied"] * 7
    expected.insert(place, "parked")
    assert group.deliver(batch) == expected
    assert (inbox.committed, inbox.rolled_back, inbox.begun) == (1, 0, [])
    assert len(parsed) == len(batch) - (bad.topic == PARTIES or bad.key is None), "each once"
    assert [reason for _, reason in group.parked()] == ["failed"]
    assert (group.observed.results, len(group.observed.errors)) == (expected, 1)
    assert len(group.effects) == 7


def test_several_in_one_batch_are_parked_in_its_transaction_and_their_keys_wait(
    group: Group, inbox: CountingInbox, parsed: list[bytes | None]
) -> None:
    batch = [
        *records((A, 1)), garbage(1), broken(A, 2, 2), *records((A, 3), (B, 1), first=3), newer(C, 5),
        party(BAD, 6, b"{}"), broken(A, 2, 7), *records((C, 2), (B, 2), first=8), garbage(1),
    ]  # fmt: skip
    assert group.deliver(batch) == [
        "applied", "parked", "parked", "parked", "applied", "parked", "parked", "duplicate", "parked", "applied", "parked",
    ]  # fmt: skip
    assert (inbox.committed, inbox.rolled_back) == (1, 0)
    assert len(parsed) == len(batch) - 1
    assert group.effects == [(A, 1), (B, 1), (B, 2)]
    assert group.parked() == [(1, "failed"), (1, "failed"), (2, "failed"), (2, "gap"), (3, "gap"), (6, "failed")]
    assert [inbox.stored.cursors[TOPIC, key].parked for key in (A, B, C)] == [2, 0, 2]
    details = {parked.detail.partition(":")[0] for parked in inbox.stored.parked.values() if parked.reason == "failed"}
    assert details == {"Undecodable", "NewerVersion"}
    assert group.deliver(batch)[2:4] == ["duplicate", "parked"], "read again, it is still the same"
    assert len(group.parked()) == 6


def test_a_failing_handler_beside_it_halves_the_batch_and_nothing_is_parsed_again(
    group: Group, inbox: CountingInbox, parsed: list[bytes | None]
) -> None:
    group.before = failing_at((B, 1))
    batch = [*seven(), garbage(7)]
    assert group.deliver(batch) == ["applied", "applied", "parked", "applied", "parked", "applied", "applied", "parked"]
    assert len(parsed) == len(batch)
    assert len({type(error) for error in group.observed.errors}) == 2
    assert len(group.observed.errors) == 2, "what was rolled back is not told"


def test_of_what_is_passed_no_content_is_read(group: Group) -> None:
    del group.consumer_group.handlers[type_of(InstitutionSuspended)]
    assert group.deliver([*records((A, 1)), broken(A, 2, 1), broken(A, 3, 2)]) == ["applied", "ignored", "ignored"]
    now = Group(start="now")
    before = incoming(nth(A, 1, START - timedelta(days=1)))
    assert now.deliver([replace(before, value=b"{}"), *records((A, 2), first=1)]) == ["ignored", "applied"]


def test_what_breaks_the_decoder_itself_is_parked_too(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, read = records((A, 1), (B, 1), (B, 2), (C, 1)), Envelope.event

    def event(about: Envelope):
        if about.key == B:
            raise KeyError("a bug in the decoder")
        return read(about)

    monkeypatch.setattr(Envelope, "event", event)
    assert group.deliver(batch) == ["applied", "parked", "parked", "applied"]
    assert group.inbox.parked_at(TOPIC, B, 1).detail == "KeyError: 'a bug in the decoder'"
    assert not group.lot.retry(group.inbox.parked_at(TOPIC, B, 1))
    monkeypatch.undo()
    assert group.lot.retry(group.inbox.parked_at(TOPIC, B, 1))
    group.settle()
    assert group.effects == [(A, 1), (C, 1), (B, 1), (B, 2)]


def test_after_an_assignment_what_cannot_be_read_is_not_noted_as_a_try(group: Group, inbox: CountingInbox) -> None:
    group.delivery.assigned([(TOPIC, 0), (PARTIES, 0)])
    batch = [*records((A, 1)), garbage(1), newer(B, 2), party(BAD, 3, b"{}"), *records((A, 2), first=4)]
    assert group.deliver(batch) == ["applied", "parked", "parked", "parked", "applied"]
    assert inbox.begun == [0, 4]
    assert inbox.stored.tried == {}


def test_tries_that_were_noted_before_are_forgotten_when_it_is_parked(group: Group, inbox: CountingInbox) -> None:
    for _ in range(3):
        inbox.begin(broken(A, 1, 7))
        group.restart()
    assert group.deliver([broken(A, 1, 7)]) == ["parked"]
    assert inbox.stored.tried == {}


def test_an_erasure_that_cannot_be_read_is_parked_before_its_turn(group: Group, inbox: CountingInbox) -> None:
    group.consumer_group.handles(PersonErased)(group.react)
    erasure = replace(incoming(envelope(PersonErased(person_id=A), A, 3), 3), value=b"[]")
    assert group.deliver([*records((A, 1)), erasure, *records((B, 1), first=4)]) == ["applied", "parked", "applied"]
    assert (inbox.committed, inbox.rolled_back) == (1, 0)
    assert group.parked() == [(3, "failed")], "a gap would be looked at without its operator"
    assert group.deliver([erasure]) == ["parked"]
    assert len(group.observed.errors) == 1


def test_too_many_in_a_row_open_the_breaker_behind_what_came_before(group: Group, inbox: CountingInbox) -> None:
    good = [*records((A, 1)), *(broken(key, 1, 9) for key in KEYS[1:]), *records((A, 2))]
    assert group.deliver(good) == ["applied", *["parked"] * 4, "applied"], "one that is applied closes it"
    keys = [UUID(int=number) for number in range(70, 80)]
    with pytest.raises(BreakerOpen, match="5 records failed in a row, the last with Undecodable"):
        group.deliver([*records((A, 3)), *(broken(key, 1, key.int) for key in keys), *records((A, 4))])
    assert group.effects == [(A, 1), (A, 2), (A, 3)]
    assert (inbox.committed, inbox.rolled_back) == (2, 0)
    assert len(group.parked()) == 2 * (group.policy.breaker - 1)
    assert group.observed.results[-5:] == ["applied", *["parked"] * 4]


def test_nobody_is_told_of_what_was_not_committed(group: Group, inbox: CountingInbox) -> None:
    inbox.is_away = True
    with pytest.raises(Away):
        group.deliver([*seven(), garbage(9)])
    assert (group.observed.results, group.observed.errors) == ([], [])


def test_a_retry_decodes_anew(group: Group, inbox: CountingInbox) -> None:
    """As after a release that reads what an earlier one could not."""
    assert group.deliver([broken(A, 1, 0), garbage(1), *records((A, 2), first=2)]) == ["parked", "parked", "parked"]
    first, second = (parked for parked in inbox.stored.parked.values() if parked.reason == "failed")
    assert not group.lot.retry(first)
    assert (first.sequence, inbox.parked_at(TOPIC, A, 1).tries) == (1, 2)
    assert group.lot.retry(replace(first, record=records((A, 1))[0]))
    group.settle()
    assert not group.lot.retry(second)
    assert group.lot.retry(replace(second, record=incoming(nth(B, 1), 1)))
    assert group.effects == [(A, 1), (A, 2), (B, 1)]
    assert not group.parked()
    assert [inbox.stored.cursors[TOPIC, key].parked for key in (A, B)] == [0, 0]


def test_what_a_record_becomes() -> None:
    consumer_group = ConsumerGroup("test.group")
    consumer_group.handles(InstitutionRegistered)(lambda *_: None)
    consumer_group.handles_party("enrollment")(lambda _: None)
    good, passed = records((A, 1), (A, 2))
    erased = replace(party(A, 1), value=None)

    def became(record: Incoming) -> object:
        return decode(record, consumer_group, START)

    assert became(good) == DecodedEvent(good, nth(A, 1), nth(A, 1).event())
    assert became(passed) == DecodedEvent(passed, nth(A, 2), None)
    assert became(erased) == DecodedEntry(erased, Tombstone(key=A, version=1))
    for name, record in UNREADABLE.items():
        decoded = became(record)
        assert isinstance(decoded, Unreadable), name
        assert decoded.record is record
        assert decoded.is_garbage == ("content" not in name and "version" not in name), name
        assert isinstance(decoded, UnreadableEvent) == (name in ("a broken content", "a newer version")), name


def test_on_the_store_each_costs_two_writes_and_one_look(store, every_write_in_a_transaction) -> None:
    store(toy.SERVICE)
    consumer_group = ConsumerGroup("enrollment.first")
    consumer_group.handles(InstitutionRegistered)(lambda *_: None)
    consumer_group.handles(InstitutionSuspended)(lambda *_: None)
    delivery = delivery_for(consumer_group, MongoInbox(consumer_group.group))
    delivery.deliver(delivery.decode(seven()))
    costs = []
    for number, bad in enumerate(([], [garbage(7)], [garbage(7), garbage(8), garbage(9)])):
        MONITOR.watch()
        delivery.deliver(delivery.decode([*seven(), *(replace(record, partition=number) for record in bad)]))
        costs.append((MONITOR.writes, MONITOR.reads))
    assert costs == [(0, 1), (2, 2), (6, 4)], "and the transaction is the batch's own"
