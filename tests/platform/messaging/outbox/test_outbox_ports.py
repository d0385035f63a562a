"""What every port promises, asked of the memory ports and of the real ones alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.contracts.parties import CONTACTS
from shared.kernel import clock
from shared.kernel.clock import BEGINNING
from shared.messaging.errors import Overtaken
from shared.messaging.outbox import compacted, events
from shared.messaging.outbox.compacted import CompactedOutbox, publish_party
from shared.messaging.outbox.events import EventOutbox
from shared.messaging.ports import Acknowledged, Checkpoint
from shared.storage.transaction import in_new_transaction
from tests.support import port_pairs, toy
from tests.support.memory_group import START, TOPIC
from tests.support.port_pairs import LATER


@pytest.fixture(params=["memory", "facts", "contacts"])
def out(request, store) -> port_pairs.OutboxUnderTest:
    if request.param == "memory":
        return port_pairs.memory_outbox()
    store(toy.SERVICE)
    return port_pairs.event_outbox() if request.param == "facts" else port_pairs.contact_outbox()


def acknowledged(*rows):
    return [Acknowledged(row, 0, offset) for offset, row in enumerate(rows)]


def test_an_outbox_gives_what_was_put_in(out) -> None:
    row = out.add(1, START)
    (found,) = out.outbox.pending(START, LATER, 10)
    assert found == row


def test_windows_are_half_open_ordered_and_limited(out) -> None:
    rows = [out.add(number, START + timedelta(seconds=number)) for number in (3, 1, 2, 4)]
    by_age = sorted(rows, key=lambda row: row.recorded_at)
    assert out.outbox.pending(START + timedelta(seconds=1), START + timedelta(seconds=4), 10) == by_age[:3]
    assert out.outbox.pending(START, LATER, 2) == by_age[:2]
    assert out.outbox.pending(LATER, LATER, 2) == []
    assert out.outbox.oldest_pending() == START + timedelta(seconds=1)


def test_marked_rows_are_pending_no_more_and_reopened_ones_are_again(out) -> None:
    early, late, unsent = (out.add(number, START + timedelta(seconds=number)) for number in (1, 2, 3))
    reached = {0: [Checkpoint(0, early.event_id, START, START)], 2: [Checkpoint(7, late.event_id, LATER, START)]}
    out.outbox.mark(acknowledged(early), {0: reached[0]})
    out.outbox.mark(acknowledged(late), {2: reached[2]})
    assert out.outbox.pending(START, LATER, 9) == [unsent]
    assert out.outbox.checkpoints() == reached
    assert out.outbox.epoch() == 0
    assert out.outbox.reopen(START + timedelta(seconds=2)) == 1
    assert out.outbox.pending(START, LATER, 9) == [late, unsent]
    assert out.outbox.checkpoints() == {}
    assert out.outbox.epoch() == 1
    assert out.outbox.reopen(None) == 1
    assert out.outbox.pending(START, LATER, 9) == [early, late, unsent]
    assert out.outbox.reopen(None) == 0
    assert out.outbox.epoch() == 3


def test_marking_nothing_is_harmless_and_a_partition_keeps_its_checkpoints(out) -> None:
    row = out.add(1, START)
    out.outbox.mark(acknowledged(row), {0: [Checkpoint(0, row.event_id, START, START)]})
    out.outbox.mark([], {})
    assert list(out.outbox.checkpoints()) == [0]
    assert out.outbox.oldest_pending() is None


def test_a_long_outbox_is_reopened_whole_in_slices(out, monkeypatch) -> None:
    monkeypatch.setattr(events, "SLICE", 5)
    monkeypatch.setattr(compacted, "SLICE", 5)
    rows = [out.add(number, START) for number in range(1, 18)]
    out.outbox.mark(acknowledged(*rows), {})
    assert out.outbox.reopen(None) == len(rows)
    assert len(out.outbox.pending(START, LATER, 5000)) == len(rows)


def test_a_party_that_changed_after_it_was_sent_is_still_to_be_sent(store) -> None:
    store(toy.SERVICE)
    contacts = CompactedOutbox(CONTACTS, "enrollment")
    in_new_transaction(lambda: publish_party(port_pairs.party(1)))
    (sent,) = contacts.pending(BEGINNING, clock.now() + timedelta(seconds=9), 9)
    in_new_transaction(lambda: publish_party(port_pairs.party(2)))
    contacts.mark(acknowledged(sent), {})
    (newer,) = contacts.pending(BEGINNING, clock.now() + timedelta(seconds=9), 9)
    assert (sent.sequence, newer.sequence) == (1, 2)
    contacts.mark(acknowledged(newer), {})
    assert contacts.oldest_pending() is None


def test_a_relay_whose_lease_passed_on_changes_nothing(store) -> None:
    store(toy.SERVICE)
    out = port_pairs.event_outbox()
    row = out.add(1, START)
    EventOutbox(TOPIC, lambda: 5).mark([], {0: [Checkpoint(9, row.event_id, START, START)]})
    zombie = EventOutbox(TOPIC, lambda: 4)
    with pytest.raises(Overtaken):
        zombie.mark(acknowledged(row), {0: [Checkpoint(3, row.event_id, START, START)]})
    assert out.outbox.checkpoints() == {0: [Checkpoint(9, row.event_id, START, START)]}
    assert out.outbox.pending(START, LATER, 9) == [row]
