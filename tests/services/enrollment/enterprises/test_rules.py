"""The size class follows from sales, else from capital."""

from __future__ import annotations

import pytest

from services.enrollment.enterprises.rules import size_class

BILLION = 1_000_000_000


@pytest.mark.parametrize(
    ("sales", "capital", "found"),
    [
        (0, None, ("micro", "annual_sales")),
        (2 * BILLION, None, ("micro", "annual_sales")),
        (2 * BILLION + 1, None, ("small", "annual_sales")),
        (15 * BILLION, None, ("small", "annual_sales")),
        (50 * BILLION, None, ("medium", "annual_sales")),
        (50 * BILLION + 1, None, ("large", "annual_sales")),
        (None, BILLION, ("micro", "capital")),
        (None, 5 * BILLION, ("small", "capital")),
        (None, 10 * BILLION, ("medium", "capital")),
        (None, 10 * BILLION + 1, ("large", "capital")),
        (1, 100 * BILLION, ("micro", "annual_sales")),
        (None, None, None),
    ],
)
def test_the_size_class_follows_from_sales_else_from_capital(
    sales: int | None, capital: int | None, found: tuple[str, str] | None
) -> None:
    assert size_class(annual_sales=sales, capital=capital) == found
