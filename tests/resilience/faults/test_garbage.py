"""The garbage of the kill tests is what it says it is, in every way and for every seed."""

from __future__ import annotations

from random import Random

import pytest

from shared.contracts.catalogue import class_for
from shared.contracts.envelope import Envelope
from shared.contracts.wire.shape import Undecodable
from shared.messaging.bookmarks import header_of
from shared.messaging.inbox.decoding import readable
from shared.messaging.kafka.lookups import incoming
from tests.resilience.faults import garbage
from tests.resilience.faults.scenarios.records import MISFITS, STRANGERS

SEEDS = range(12)
MANY = 60


class Received:
    """A record as the broker's client hands it over."""

    topic, partition, offset, timestamp = "score.enrollment", 0, 0, None

    def __init__(self, sent: garbage.Stranger) -> None:
        self.key, self.value = sent.key, sent.value
        self.headers: list[tuple[str, bytes | None]] = [*sent.headers]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_stranger_has_an_envelope(seed: int) -> None:
    found = garbage.strangers(Random(seed), MANY)
    assert len(found) == MANY
    assert [one.what for one in found if readable(incoming(Received(one)))] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_misfit_has_an_envelope_and_nothing_that_can_be_applied(seed: int) -> None:
    for one in garbage.misfits(Random(seed), MANY):
        envelope = Envelope.from_record(one.key.encode(), one.headers, one.value)
        if class_for(envelope.type) is None:
            assert one.what == "a newer major version"
            continue
        with pytest.raises(Undecodable):
            raise AssertionError(f"{one.what} was read: {envelope.event()}")


def test_a_seed_says_which_garbage_it_is() -> None:
    for draw in (garbage.strangers, garbage.misfits):
        first, again, other = (draw(Random(seed), MANY) for seed in (1, 1, 2))
        assert [(one.what, one.key) for one in first] == [(one.what, one.key) for one in again]
        assert [(one.what, one.key) for one in first] != [(one.what, one.key) for one in other]


def test_a_run_sees_every_way_on_every_topic() -> None:
    ways = {one.what for one in garbage.strangers(Random(1), MANY)}
    for many in STRANGERS.values():
        assert {one.what for one in garbage.strangers(Random(1), many)} == ways
    misfits = [one.what for one in garbage.misfits(Random(1), MISFITS)]
    assert min(map(misfits.count, {one.what for one in garbage.misfits(Random(1), MANY)})) >= 2


def test_a_header_without_a_value_reaches_a_group_as_an_empty_one() -> None:
    """The client for Python does not send one; others do."""
    key = "018f4e2c-7a10-7b3c-9d21-0a1b2c3d4e5f"
    for name in garbage.REQUIRED:
        received = Received(garbage.Stranger("no value", key.encode(), b"{}", garbage.headers_of(key, "x", 1)))
        received.headers = [(known, None if known == name else value) for known, value in received.headers]
        found = incoming(received)
        assert (name, b"") in found.headers
        assert readable(found) is None
        assert header_of(found, name) == ""
