"""How a group notices that the log below it is not the one it read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.bookmarks import (
    EPOCH_HEADER,
    Bookmark,
    epoch_headers,
    epoch_of,
    has_false_epoch,
    is_elsewhere,
    read_on,
)
from shared.messaging.ports import Bounds, Incoming
from shared.messaging.seals import SEAL_HEADER, seal_of_epoch
from tests.support.memory_group import KEYS, TOPIC, incoming, nth

PLACE = (TOPIC, 0)


def record(sequence: int, offset: int, epoch: int = 0) -> Incoming:
    found = incoming(nth(KEYS[0], sequence), offset)
    return replace(found, headers=[*found.headers, *epoch_headers(TOPIC, epoch)])


def forged(sequence: int, offset: int, seal: bytes | None = None) -> Incoming:
    """Claim an epoch that its owner will never reach."""
    seals = [] if seal is None else [(SEAL_HEADER, seal)]
    found = incoming(nth(KEYS[0], sequence), offset)
    return replace(found, headers=[*found.headers, (EPOCH_HEADER, b"999999999"), *seals])


@given(st.integers(0, 2**40), st.uuids() | st.just(""), st.integers(0, 10**8))
def test_a_bookmark_comes_back_from_what_the_broker_keeps(offset, event_id, epoch) -> None:
    bookmark = Bookmark(offset, str(event_id), epoch)
    assert Bookmark.committed(offset, bookmark.metadata) == bookmark


@given(st.text(max_size=60))
def test_whatever_stands_beside_an_offset_is_read_without_harm(text: str) -> None:
    assert Bookmark.committed(7, text).offset == 7


def test_reading_on_moves_the_bookmark_behind_the_last_record() -> None:
    moved, begun = read_on([record(1, 4), record(2, 5)], {})
    assert moved == {PLACE: Bookmark(6, str(nth(KEYS[0], 2).id), 0)}
    assert begun == set()


def test_a_higher_epoch_means_reading_the_partition_again_once() -> None:
    known = {PLACE: Bookmark(6, "x", 1)}
    moved, begun = read_on([record(3, 6, epoch=2)], known)
    assert begun == {PLACE}
    assert moved == {PLACE: Bookmark(0, "", 2)}
    again, begun = read_on([record(1, 0, epoch=0), record(2, 1, epoch=2)], moved)
    assert begun == set()
    assert again[PLACE].offset == 2
    assert again[PLACE].epoch == 2


@pytest.mark.parametrize(
    "seal",
    [None, b"", b"\xff", b"0" * 64, seal_of_epoch(TOPIC, 1), seal_of_epoch("score.another", 999_999_999)],
    ids=["none", "empty", "no text", "made up", "of another epoch", "of another topic"],
)
def test_an_epoch_that_its_owner_did_not_begin_hides_no_later_loss(seal: bytes | None) -> None:
    moved, begun = read_on([forged(3, 6, seal)], {PLACE: Bookmark(6, "x", 0)})
    assert begun == set(), "nothing is read again for it"
    assert has_false_epoch(forged(3, 6, seal))
    _, begun = read_on([record(3, 7, epoch=1)], moved)
    assert begun == {PLACE}, "the broker lost its tail, and the owner has begun its next epoch"
    before = Bookmark(7, str(nth(KEYS[0], 3).id), 0)
    assert not is_elsewhere(before, Bounds(0, 9), forged(3, 6, seal))
    assert not has_false_epoch(record(3, 7, epoch=1))


def test_a_group_that_reads_from_the_start_is_not_sent_back() -> None:
    assert read_on([record(1, 0, epoch=5)], {PLACE: Bookmark(0)})[1] == set()


@pytest.mark.parametrize(
    ("bookmark", "bounds", "found", "elsewhere"),
    [
        (Bookmark(5, "x"), Bounds(0, 4), None, True),
        (Bookmark(4, "x"), Bounds(0, 4), None, False),
        (Bookmark(4, ""), Bounds(0, 9), record(1, 3), False),
        (Bookmark(4, str(nth(KEYS[0], 1).id)), Bounds(0, 9), record(1, 3), False),
        (Bookmark(4, str(nth(KEYS[0], 2).id)), Bounds(0, 9), record(1, 3), True),
        (Bookmark(4, str(nth(KEYS[0], 1).id), 1), Bounds(0, 9), record(1, 3, epoch=2), True),
    ],
)
def test_another_event_before_the_bookmark_is_another_log(bookmark, bounds, found, elsewhere) -> None:
    assert is_elsewhere(bookmark, bounds, found) is elsewhere


@pytest.mark.parametrize("event_id", [b"", b"a" * 37, b"z" * 36, b"-" * 36, b"\xff" * 36, b"not-an-id", b"a" * 60_000])
def test_behind_a_record_without_a_proper_id_the_log_is_still_the_one_that_was_read(event_id: bytes) -> None:
    garbage = replace(record(1, 3), headers=[("ce_id", event_id), *epoch_headers(TOPIC, 2)])
    bookmark = read_on([garbage], {PLACE: Bookmark(3, "", 2)})[0][PLACE]
    assert not is_elsewhere(bookmark, Bounds(0, 4), garbage)
    assert Bookmark.committed(4, bookmark.metadata) == bookmark


@pytest.mark.parametrize("header", [b"", b"x", b"-1", b"9" * 20, "²".encode(), b"\xff"])
def test_an_epoch_that_is_no_number_is_the_first(header: bytes) -> None:
    assert epoch_of(replace(record(1, 0), headers=[(EPOCH_HEADER, header)])) == 0
