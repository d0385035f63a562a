"""Adds up what was recovered of the cost of delivery. Amounts are whole rupiah without tax."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from shared.reference.cost_recovery import Recovery

Source = Literal["invoiced", "paid", "spent", "given"]
INCOME: Final[Mapping[str, tuple[Source, ...]]] = {
    "accrual": ("invoiced",),
    "cash": ("paid",),
    "incl_in_kind": ("invoiced", "given"),
}
COST: Final[Mapping[str, tuple[Source, ...]]] = {
    "accrual": ("spent",),
    "cash": ("spent",),
    "incl_in_kind": ("spent", "given"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount of the books: invoiced, paid, spent, or given in kind. `recovers` is false of what the ILO bore. A cost of no
    module or no provider is general, or the programme's own."""

    source: Source
    amount: int
    period: str
    module: str | None
    provider: UUID | None
    recovers: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """What was recovered in a month, of a module or by a provider."""

    period: str | None
    module: str | None
    provider_id: UUID | None
    recovery: Recovery


PART_OF: Final[Mapping[str, Callable[[Entry], Any]]] = {
    "period": lambda entry: entry.period,
    "module": lambda entry: entry.module,
    "provider": lambda entry: entry.provider,
}


def in_period(entries: Iterable[Entry], period: str) -> list[Entry]:
    """Return the entries of a month such as `2026-03`, or of a year such as `2026`."""
    return [entry for entry in entries if period in (entry.period, entry.period[:4])]


def recovered(entries: Iterable[Entry], variant: str) -> Recovery:
    """Return income and cost of delivery in a variant: as invoiced, as paid, or as invoiced with what was given in kind."""
    income = cost = 0
    for entry in entries:
        if entry.recovers and entry.source in INCOME[variant]:
            income += entry.amount
        if entry.source in COST[variant]:
            cost += entry.amount
    return Recovery(income=income, cost=cost)


def parts(entries: Iterable[Entry], variant: str, by: str) -> list[Part]:
    """Return the parts in which there is income or cost: months in their order, modules by code, what is of none last."""
    grouped: dict[Any, list[Entry]] = defaultdict(list)
    for entry in entries:
        grouped[PART_OF[by](entry)].append(entry)
    added = {key: recovered(grouped[key], variant) for key in sorted(grouped, key=lambda key: (key is None, str(key)))}
    return [
        Part(
            period=key if by == "period" else None,
            module=key if by == "module" else None,
            provider_id=key if by == "provider" else None,
            recovery=recovery,
        )
        for key, recovery in added.items()
        if recovery.income or recovery.cost
    ]


def net_of(settled: int, net: int, total: int) -> int:
    """Return how much of what settled an invoice is income: tax is none, and the last payment leaves no rupiah over."""
    return settled * net // total if total else 0
