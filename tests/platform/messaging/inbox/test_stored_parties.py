"""Parties arrive in every group, are said again below the log's start, and an erasure leaves no copy."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

import msgspec
import pytest

from shared.contracts.parties import CONTACTS, Party
from shared.contracts.wire.compacted import Tombstone
from shared.kernel import clock, ids
from shared.messaging import parties
from shared.messaging.ports import Incoming
from shared.storage import connection
from tests.support import toy
from tests.support.records import party_record
from tests.support.toy_histories import (
    _on_the_toy_store,  # noqa: F401 - for every test here
    forget,
    person,
    say,
)
from tests.support.waiting import until
from tests.support.worker_loops import running

# kafka-python leaves sockets of refused connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def test_parties_arrive_in_every_group_and_an_erasure_leaves_no_copy(broker) -> None:
    heard: list[tuple[str, UUID, str]] = []
    groups = [toy.recording(f"enrollment.{name}") for name in ("first", "second")]
    for group in groups:
        group.handles_party("enrollment")(
            lambda party, g=group.group: heard.append((g, party.key, type(party).__name__))
        )
    keys = [ids.new() for _ in range(3)]
    with running(*groups):
        say(*(person(1, key) for key in keys))
        until(lambda: len(heard) == 6, "each group hears of each party")
        assert parties.find(keys[0])["name"] == "Ketut"
        say(Tombstone(key=keys[0], version=2))
        until(lambda: [h[2] for h in heard].count("Tombstone") == 2, f"each group hears of the erasure: {heard}")
    assert parties.find(keys[0]) is None
    row = connection.database()["contacts"].find_one({"_id": keys[0]})
    assert set(row) == {"_id", "erased", "version", "seen"}


def test_parties_below_the_start_of_the_log_are_said_again(broker) -> None:
    keys = [ids.new() for _ in range(5)]
    say(*(person(1, key) for key in keys), Tombstone(key=keys[4], version=2))
    heard: list[UUID] = []
    with running():
        until(lambda: _contacts_sent() == len(keys), "published")
        forget(broker, "score.contacts.enrollment")
        group = toy.recording("enrollment.late")
        group.handles_party("enrollment")(lambda party: heard.append(party.key))
        with running(group, relay=False, control=False):
            until(lambda: sorted(heard) == sorted(keys), "said again")


def test_a_forged_address_is_not_used_and_its_owner_says_the_true_one(broker) -> None:
    """Whoever can write to the topic said version 99, once, and once more: the owner is asked, and only its answer counts."""
    key, found = ids.new(), []
    group = toy.recording("enrollment.first")
    group.handles_party("enrollment", addresses=True)(lambda party: found.append((party.version, _address_of(key))))
    true, forged = "ketut@example.org", (99, None)
    with running(group):
        say(person(1, key))
        until(lambda: _known(key) == (1, true), "the first version is believed")
        for _ in range(2):
            broker.send(_forged(person(99, key)))
        until(lambda: forged in found and found[-1] == _known(key) == (1, true), f"the owner answers: {found}")
        say(person(2, key))
        until(lambda: _known(key) == (2, true), "and goes on from what it said")
    told = [one for one, _ in groupby(found)]  # a transaction that is tried again tells its handler again
    assert told == [(1, true), forged, (1, true), (2, true)]


def test_versions_that_jump_for_good_reasons_are_confirmed_by_their_owner(broker) -> None:
    keys = [ids.new() for _ in range(8)]
    group = toy.recording("enrollment.first")
    group.handles_party("enrollment", addresses=True)(lambda _party: None)
    with running(group):
        say(*(person(5, key) for key in keys))
        until(lambda: all(parties.find(key) for key in keys), "all are confirmed")
        say(*(person(9, key) for key in keys))
        until(lambda: all(_known(key) == (9, "ketut@example.org") for key in keys), "again")
        until(lambda: connection.database()["resends"].count_documents({}) == 0, "nothing is asked for any more")
    assert connection.database()["contact_outbox"].count_documents({"answers": {"$exists": True}}) == 0


def test_what_its_owner_does_not_know_stays_in_doubt(broker) -> None:
    key, heard = ids.new(), []
    group = toy.recording("enrollment.first")
    group.handles_party("enrollment", addresses=True)(lambda party: heard.append(party.version))
    with running(group):
        broker.send(_forged(person(3, key)))
        until(lambda: _was_asked_and_answered(key), "its owner was asked, and knows of nobody")
        assert parties.find(key) is None
        shown = parties.find_all([key])[key]
        assert (shown["name"], shown["email"]) == ("Ketut", None)
        say(person(1, key))
        until(lambda: _known(key) == (1, "ketut@example.org"), "it becomes known")
    assert [one for one, _ in groupby(heard)] == [3, 1]


def _was_asked_and_answered(key: UUID) -> bool:
    row = connection.database()["contacts"].find_one({"_id": key})
    return row is not None and row["ask_at"] > clock.now() and connection.database()["resends"].count_documents({}) == 0


def _forged(party: Party) -> Incoming:
    false = msgspec.structs.replace(party, email="somebody.else@example.org")
    record = party_record(false, owner="enrollment", event_id=ids.new(), time=clock.now())
    return Incoming(CONTACTS.of("enrollment"), 0, 0, record.key, record.headers, record.value)


def _address_of(key: UUID) -> str | None:
    row = parties.find(key)
    return row["email"] if row else None


def _known(key: UUID) -> tuple[int, str | None] | None:
    row = parties.find(key)
    return (row["version"], row["email"]) if row else None


def _contacts_sent() -> int:
    return connection.database()["contact_outbox"].count_documents({"pending_at": {"$exists": False}})
