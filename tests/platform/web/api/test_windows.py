"""Windows of time leave nothing out, show nothing twice, and are few."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.web.lists.windows import EARLIEST, LATEST, windows

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
FEW = 20


@given(MOMENTS, MOMENTS, st.booleans())
def test_windows_join_without_gap_or_overlap(start: datetime, now: datetime, descending: bool) -> None:
    found = list(windows(descending=descending, start=start, now=now))
    edges = [edge for low, high in found for edge in ((high, low) if descending else (low, high))]
    assert edges[0] == start
    assert edges[-1] == (EARLIEST if descending else LATEST)
    assert edges[1:-1:2] == edges[2::2], "each begins where the one before ended"
    assert all(low < high for low, high in found)
    assert len(found) <= FEW


@given(MOMENTS)
def test_a_window_beside_the_start_is_narrow(now: datetime) -> None:
    low, high = next(iter(windows(descending=True, start=now, now=now)))
    assert high - low == timedelta(seconds=1)
