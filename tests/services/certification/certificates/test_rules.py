"""How long a certificate is valid."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.certification.certificates.rules import last_day


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2024, 3, 15), 36, date(2027, 3, 14)),
        (date(2024, 1, 1), 36, date(2026, 12, 31)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2024, 12, 1), 1, date(2024, 12, 31)),
    ],
)
def test_months_end_the_day_before(first: date, months: int, last: date) -> None:
    assert last_day(first, months) == last


@given(st.dates(date(2010, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_longer_is_never_shorter(first: date, months: int) -> None:
    assert first < last_day(first, months + 1)
    assert last_day(first, months) < last_day(first, months + 1)
