"""The rate is a ratio of sums: of what was invoiced, or paid, or given in kind too."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from services.finance.recovery.rules import Entry, net_of, parts, recovered
from shared.kernel import ids

A, B = ids.derived("provider", 1), ids.derived("provider", 2)
BOOKS = [
    Entry("invoiced", 600, "2026-01", "M1", A),
    Entry("invoiced", 300, "2026-02", "M2", B),
    Entry("paid", 400, "2026-02", "M1", A),
    Entry("spent", 1_000, "2026-01", "M1", A),
    Entry("spent", 500, "2026-03", None, None, recovers=False),
    Entry("given", 200, "2026-02", "M2", B),
    Entry("given", 100, "2026-02", "M2", B, recovers=False),
]


@pytest.mark.parametrize(("variant", "income", "cost", "rate"), [
    ("accrual", 900, 1_500, Decimal("60.0")),
    ("cash", 400, 1_500, Decimal("26.6")),
    ("incl_in_kind", 1_100, 1_800, Decimal("61.1")),
])  # fmt: skip
def test_each_variant_counts_what_it_says(variant: str, income: int, cost: int, rate: Decimal) -> None:
    whole = recovered(BOOKS, variant)
    assert (whole.income, whole.cost, whole.rate) == (income, cost, rate)


def test_without_cost_there_is_no_rate_and_a_surplus_is_shown() -> None:
    assert recovered(BOOKS[:2], "accrual").rate is None
    assert recovered([*BOOKS[:1], Entry("spent", 400, "2026-01", "M1", A)], "accrual").rate == 150


@pytest.mark.parametrize(("by", "field", "keys"), [
    ("period", "period", ["2026-01", "2026-02", "2026-03"]),
    ("module", "module", ["M1", "M2", None]),
    ("provider", "provider_id", [*sorted([A, B], key=str), None]),
])  # fmt: skip
@pytest.mark.parametrize("variant", ["accrual", "cash", "incl_in_kind"])
def test_the_parts_add_up_to_the_whole(by: str, field: str, keys: list[str | UUID | None], variant: str) -> None:
    found, whole = parts(BOOKS, variant, by), recovered(BOOKS, variant)
    assert sum(part.recovery.income for part in found) == whole.income
    assert sum(part.recovery.cost for part in found) == whole.cost
    told = [getattr(part, field) for part in found]
    assert told == [key for key in keys if key in told]
    assert told[-1] is None or by == "period"


def test_the_last_payment_leaves_no_rupiah_over() -> None:
    net, total = 1_000_001, 1_110_001
    settled, before, counted = 0, 0, 0
    for payment in (333_333, 333_333, 443_335):
        settled += payment
        counted += net_of(settled, net, total) - before
        before = net_of(settled, net, total)
    assert (settled, counted) == (total, net)
