"""Repeated measurements and what is made of them: median, spread, ratio to a baseline, floor."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

REPEATS = 3


@dataclass(frozen=True, slots=True)
class Series:
    """The values of the repeats, in the order in which they were measured."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def words(self, unit: str = "", digits: int = 0) -> str:
        low, high = min(self.values), max(self.values)
        return f"{self.median:,.{digits}f}{unit} ({low:,.{digits}f} to {high:,.{digits}f})"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table. `met` is None where nothing was promised, or where a floor could not be decided."""

    what: str
    ours: str
    beside: str = ""
    ratio: str = ""
    floor: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        if self.met is None:
            return "not decided" if self.floor else ""
        return "met" if self.met else "**missed**"


def in_turn(*measures: Callable[[], float], repeats: int = REPEATS) -> list[Series]:
    """Measure each in turn, so that what disturbs the machine disturbs all of them.

    Every other round goes backwards: what one measurement leaves to the next is not always left to the same.
    """
    values: list[list[float]] = [[] for _ in measures]
    there = list(zip(measures, values, strict=True))
    for number in range(repeats):
        for measure, found in reversed(there) if number % 2 else there:
            found.append(measure())
    return [Series(tuple(found)) for found in values]


def ratios(ours: Series, baseline: Series) -> Series:
    """Round by round, so that a slow round of the machine is slow on both sides."""
    return Series(tuple(a / b for a, b in zip(ours.values, baseline.values, strict=True)))


def at_least(what: str, ours: Series, baseline: Series, unit: str, floor: float) -> Finding:
    """A throughput beside its baseline's."""
    ratio = ratios(ours, baseline)
    return Finding(
        what, ours.words(unit), baseline.words(unit), ratio.words("x", 2), f">= {floor:g}x", ratio.median >= floor
    )


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
