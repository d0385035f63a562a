"""Lifecycles refuse what is not written down; indexes are told apart by what makes them different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import NotAllowedNow
from shared.storage.indexes import _signature, index, unique
from shared.storage.lifecycle import Lifecycle, step
from shared.storage.transaction import OutsideTransaction, current_unit, in_transaction

LETTER = Lifecycle(
    "draft",
    {
        "queue": step("draft", "failed", to="queued"),
        "send": step("queued", to="sent"),
        "drop": step("draft", to="dropped"),
    },
)


def test_a_step_from_another_state_names_where_it_may_start() -> None:
    assert LETTER.after("draft", "queue") == "queued"
    with pytest.raises(NotAllowedNow) as refused:
        LETTER.after("sent", "queue")
    assert refused.value.members == {"verb": "queue", "state": "sent", "allowed_from": ["draft", "failed"]}


def test_a_skipped_step_is_named() -> None:
    assert LETTER.skipped("draft", "send") == ("queue",)
    assert LETTER.skipped("draft", "queue") == ()
    assert LETTER.skipped("dropped", "send") == (), "no way leads there"


@given(st.lists(st.sampled_from(["queue", "send", "drop"]), max_size=8))
def test_no_sequence_of_steps_reaches_an_undeclared_state(verbs: list[str]) -> None:
    state = LETTER.start
    for verb in verbs:
        try:
            state = LETTER.after(state, verb)
        except NotAllowedNow:
            assert state not in LETTER.steps[verb][0]
        assert state in LETTER.states


def test_the_diagram_shows_every_step() -> None:
    assert LETTER.mermaid().count("-->") == 1 + 4


def test_two_indexes_are_the_same_when_keys_and_promises_are() -> None:
    assert _signature(index("a", "-b").document) == _signature({"key": {"a": 1.0, "b": -1}, "name": "other", "v": 2})
    for other in (unique("a", "-b"), index("a", "b"), index("-b", "a"), index("a", "-b", sparse=True), index("a")):
        assert _signature(index("a", "-b").document) != _signature(other.document)
    assert _signature(index("a", unique=False).document) == _signature(index("a").document)
    assert _signature(index("a", expireAfterSeconds=5).document) != _signature(
        index("a", expireAfterSeconds=6).document
    )


def test_outside_a_transaction_there_is_nothing_to_write_to() -> None:
    assert not in_transaction()
    with pytest.raises(OutsideTransaction):
        current_unit()
