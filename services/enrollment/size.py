"""The size class of PP 7/2021, Article 35: by annual sales where they are known, else by capital without land and buildings.

Only the class is kept and what it was derived from, never the amount. The class has nothing to do with headcount.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from shared.contracts.values import SizeClass

Basis: TypeAlias = Literal["annual_sales", "capital", "declared"]

_BILLION: Final = 1_000_000_000
# each boundary belongs to the class below it
BY_SALES: Final[tuple[tuple[int, SizeClass], ...]] = (
    (2 * _BILLION, "micro"), (15 * _BILLION, "small"), (50 * _BILLION, "medium"),
)  # fmt: skip
BY_CAPITAL: Final[tuple[tuple[int, SizeClass], ...]] = (
    (1 * _BILLION, "micro"), (5 * _BILLION, "small"), (10 * _BILLION, "medium"),
)  # fmt: skip


def size_class(*, annual_sales: int | None = None, capital: int | None = None) -> tuple[SizeClass, Basis] | None:
    """In rupiah; None where neither is known."""
    if annual_sales is not None:
        return _class_of(annual_sales, BY_SALES), "annual_sales"
    if capital is not None:
        return _class_of(capital, BY_CAPITAL), "capital"
    return None


def _class_of(amount: int, bounds: tuple[tuple[int, SizeClass], ...]) -> SizeClass:
    return next((name for most, name in bounds if amount <= most), "large")
