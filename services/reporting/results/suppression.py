"""Breakdowns that tell nothing about a few: small counts are held back, and nobody can work them out again.

Held back is not only what is small: the smallest counts that are left join it, equals together, until the rest that anybody
gets by subtracting from the total is not small and could have come about in several ways. What is held back is told as one
sum without naming its parts. A test tries every table of a size against every reader who knows this rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Counts that may be told, largest first, and the sum of those that may not (0: everything is told)."""

    told: Mapping[str, int]
    withheld: int = 0

    @property
    def total(self) -> int:
        return sum(self.told.values()) + self.withheld


def complete(cells: Mapping[str, int]) -> Breakdown:
    """Return everything, for readers who see the rows themselves."""
    return Breakdown(_ordered({name: count for name, count in cells.items() if count}))


def published(cells: Mapping[str, int], smallest: int) -> Breakdown:
    """Return a breakdown of a published total with no count below `smallest`."""
    shown = {name: count for name, count in cells.items() if count}
    withheld: list[int] = []
    while shown and not _is_safe(withheld, min(shown.values()), smallest):
        least = min(shown.values())
        withheld += [count for count in shown.values() if count == least]
        shown = {name: count for name, count in shown.items() if count != least}
    return Breakdown(_ordered(shown), sum(withheld))


def published_together(whole: Mapping[str, int], part: Mapping[str, int], smallest: int) -> tuple[Breakdown, Breakdown]:
    """Return breakdowns of a group and of some among it, over the few categories that everybody knows (the keys of `whole`).

    A zero is small here: it would say that everybody is of the other kind. Of the part, the rest is kept from telling too.
    """
    everyone, some = complete(whole), complete(part)
    if any(count < smallest for count in whole.values()):
        return Breakdown({}, everyone.total), Breakdown({}, some.total)
    others = [count - part.get(name, 0) for name, count in whole.items()]
    if any(0 < count < smallest for count in [*part.values(), *others]):
        return everyone, Breakdown({}, some.total)
    return everyone, some


def _is_safe(withheld: list[int], least_left: int, smallest: int) -> bool:
    """Return whether what is held back may stay as it is, with these counts left to be told."""
    if least_left < smallest:
        return False
    if not withheld:
        return True
    # if all were one below the limit, their sum alone would give every one of them away
    return sum(withheld) >= smallest and any(count != smallest - 1 for count in withheld)


def _ordered(cells: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(cells.items(), key=lambda cell: (-cell[1], cell[0])))
