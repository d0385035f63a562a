"""Parties: the newest version wins, an erasure is final, garbage is kept aside."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from shared.contracts.parties import CONTACTS, Party
from shared.contracts.wire.compacted import Tombstone
from shared.kernel import ids
from shared.messaging.errors import BreakerOpen
from shared.messaging.ports import Incoming
from tests.support.memory_group import KEYS, START, Group
from tests.support.records import party_record

A, B = KEYS[:2]


def party(key: UUID, version: int) -> Party:
    return Party(party_id=key, version=version, kind="person", name=f"Wayan {version}", email="wayan@example.org")


def said(what: Party | Tombstone, offset: int = 0) -> Incoming:
    record = party_record(what, owner="enrollment", event_id=ids.new(), time=START)
    return Incoming(CONTACTS.of("enrollment"), 0, offset, record.key, record.headers, record.value)


@pytest.fixture
def group() -> Group:
    group = Group()
    group.consumer_group.handles_party("enrollment")(
        lambda heard: group.inbox.stored.effects.append((heard.key, heard.version))
    )
    return group


def test_the_newest_version_wins_in_any_order(group: Group) -> None:
    found = [
        said(party(A, 2), 0),
        said(party(A, 1), 1),
        said(party(A, 5), 2),
        said(party(A, 5), 3),
        said(party(B, 1), 4),
    ]
    assert group.deliver(found) == ["applied", "duplicate", "applied", "duplicate", "applied"]
    assert group.effects == [(A, 2), (A, 5), (B, 1)]


def test_an_erasure_is_final(group: Group) -> None:
    found = [said(party(A, 1), 0), said(Tombstone(key=A, version=2), 1), said(party(A, 9), 2)]
    assert group.deliver(found) == ["applied", "applied", "duplicate"]


def test_an_erasure_that_comes_first_keeps_the_party_out(group: Group) -> None:
    assert group.deliver([said(Tombstone(key=A, version=2)), said(party(A, 1))]) == ["applied", "duplicate"]


def test_a_party_that_cannot_be_read_blocks_nobody(group: Group) -> None:
    broken = replace(said(party(A, 1)), value=b"{}")
    assert group.deliver([broken, said(party(A, 2), 1)]) == ["parked", "applied"]
    assert group.parked() == [(0, "failed")]


def test_many_unreadable_bodies_open_the_breaker_but_garbage_does_not(group: Group) -> None:
    many = 2 * group.policy.breaker
    garbage = [replace(said(party(A, 1), offset), headers=[("noise", b"\xff")]) for offset in range(many)]
    assert group.deliver(garbage) == ["parked"] * many
    assert group.deliver([said(party(A, 1), many)]) == ["applied"]
    with pytest.raises(BreakerOpen):
        group.deliver([replace(said(party(B, 1), many + 1 + offset), value=b"{}") for offset in range(many)])
    assert len(group.parked()) == many + group.policy.breaker - 1


def test_a_failing_handler_to_a_party_is_parked_and_superseded_by_a_newer_version(group: Group) -> None:
    topic = CONTACTS.of("enrollment")

    def fail(heard: Party | Tombstone) -> None:
        if heard.version == 1:
            raise ValueError("a bug")
        group.inbox.stored.effects.append((heard.key, heard.version))

    group.consumer_group.copy_handlers[topic] = fail
    assert group.deliver([said(party(A, 1), 0), said(party(A, 2), 1)]) == ["parked", "applied"]
    (parked,) = group.inbox.stored.parked.values()
    assert group.lot.retry(parked)
    assert group.effects == [(A, 2)]
    assert not group.parked()
