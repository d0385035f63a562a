"""Which visits a classroom still requires: as many as it needs, less those that stand, by the lowest free numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consulting.visits.rules import ENDED, NUMBERED, Held, numbers_to_plan

CLASSROOM = date(2026, 10, 2)
BEFORE, AFTER = CLASSROOM - timedelta(days=1), CLASSROOM + timedelta(days=9)


@pytest.mark.parametrize(
    ("planned", "left"),
    [
        ([], {1: 1, 2: 2, 3: 3}),
        ([Held(1, "scheduled")], {2: 2, 3: 3}),
        ([Held(2, "accepted", AFTER)], {1: 1, 3: 3}),
        ([Held(1, "cancelled"), Held(2, "voided", AFTER)], {1: 1, 2: 2, 3: 3}),
        ([Held(number, "reported", AFTER) for number in (1, 2, 3)], {}),
        ([Held(5, "scheduled")], {1: 1, 2: 2}),
        ([Held(1, "accepted", BEFORE)], {2: 1, 3: 2, 4: 3}),
    ],
)
def test_what_is_left_to_plan(planned: list[Held], left: dict[int, int]) -> None:
    assert numbers_to_plan(3, CLASSROOM, planned) == left


VISITS = st.lists(
    st.builds(
        Held,
        number=st.integers(1, 6),
        state=st.sampled_from(sorted(NUMBERED | ENDED)),
        visited_on=st.sampled_from([None, BEFORE, AFTER]),
    ),
    unique_by=lambda visit: visit.number,
)


@given(st.integers(0, 5), VISITS)
def test_there_are_as_many_as_the_classroom_needs_and_no_number_twice(required: int, planned: list[Held]) -> None:
    left = numbers_to_plan(required, CLASSROOM, planned)
    standing = sum(visit.counts_after(CLASSROOM) for visit in planned)
    assert len(left) == max(0, required - standing)
    assert not left.keys() & {visit.number for visit in planned if visit.state in NUMBERED}
