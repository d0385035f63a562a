"""How many rows share a transaction: fewer on a slow store, more again when it is fast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.enrollment.imports.jobs import FAST, Pace
from services.enrollment.settings import enrollment_settings


@pytest.fixture
def pace(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pace]:
    monkeypatch.setenv("SCORE_IMPORT_SLICE", "40")
    monkeypatch.setenv("SCORE_IMPORT_SLICE_SECONDS", "2")
    enrollment_settings.cache_clear()
    yield Pace()
    monkeypatch.undo()
    enrollment_settings.cache_clear()


def test_slow_slices_are_followed_by_smaller_ones_and_fast_ones_by_larger_ones_up_to_the_most(pace: Pace) -> None:
    sizes = []
    for seconds in (2.1, 2.1, 1.9, 2 * FAST - 0.1, 0.1, 0.1):
        pace.took(seconds)
        sizes.append(pace.size)
    assert sizes == [20, 10, 10, 20, 40, 40]


def test_a_slice_that_failed_is_tried_again_with_half_its_rows_down_to_one(pace: Pace) -> None:
    sizes = []
    for _ in range(7):
        with pytest.raises(ValueError, match="x"), pace.slice():
            raise ValueError("x")
        sizes.append(pace.size)
    assert sizes == [20, 10, 5, 2, 1, 1, 1]
