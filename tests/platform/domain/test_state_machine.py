"""Lifecycles refuse what is not written down; indexes are told apart by what makes them different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import NotAllowedNow
from shared.domain.lifecycle import Lifecycle, allow

LETTER = Lifecycle(
    "draft",
    {
        "queue": allow("draft", "failed", to="queued"),
        "send": allow("queued", to="sent"),
        "drop": allow("draft", to="dropped"),
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
