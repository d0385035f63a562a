"""Computes the cost recovery rate of the results framework (domain.md 4.1): a ratio of sums, never a mean of ratios."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Recovery:
    """Income that is not the ILO's, and the cost of delivery. Whole rupiah, without tax."""

    income: int
    cost: int

    @property
    def rate(self) -> Decimal | None:
        """Return per cent, cut after one decimal so that it never looks reached before it is; above 100 is a surplus."""
        if self.cost == 0:
            return None
        return (Decimal(self.income) * 100 / Decimal(self.cost)).quantize(TENTH, ROUND_FLOOR)
