"""Parties arrive in every group, are said again below the log's start, and an erasure leaves no copy."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.contracts.parties import Tombstone
from shared.kernel import ids
from shared.messaging import parties
from shared.storage import connection
from tests.support import toy
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
            lambda party, g=group.group: heard.append((g, party.party_id, type(party).__name__))
        )
    keys = [ids.new() for _ in range(3)]
    with running(*groups):
        say(*(person(1, key) for key in keys))
        until(lambda: len(heard) == 6, "each group hears of each party")
        assert parties.find(keys[0])["name"] == "Ketut"
        say(Tombstone(party_id=keys[0], version=2))
        until(lambda: [h[2] for h in heard].count("Tombstone") == 2, f"each group hears of the erasure: {heard}")
    assert parties.find(keys[0]) is None
    row = connection.database()["contacts"].find_one({"_id": keys[0]})
    assert set(row) == {"_id", "erased", "version", "seen"}


def test_parties_below_the_start_of_the_log_are_said_again(broker) -> None:
    keys = [ids.new() for _ in range(5)]
    say(*(person(1, key) for key in keys), Tombstone(party_id=keys[4], version=2))
    heard: list[UUID] = []
    with running():
        until(lambda: _contacts_sent() == len(keys), "published")
        forget(broker, "score.contacts.enrollment")
        group = toy.recording("enrollment.late")
        group.handles_party("enrollment")(lambda party: heard.append(party.party_id))
        with running(group, relay=False, control=False):
            until(lambda: sorted(heard) == sorted(keys), "said again")


def _contacts_sent() -> int:
    return connection.database()["contact_outbox"].count_documents({"pending_at": {"$exists": False}})
