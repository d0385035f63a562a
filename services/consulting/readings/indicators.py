"""Reads the catalogue of indicators, which is data: `indicators.json` says of each how it is made up and what is plausible.

The limits of plausibility are ours: beyond them a reading is flagged for a second look, never refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("indicators.json")
PERIODS: Final = ("day", "week", "month", "quarter", "half_year", "year")
FACTORS: Final = {"percent": 100, "per_million_hours": 1_000_000}
"""By what the quotient of a rate is multiplied, by its unit."""
PRACTICE: Final = "PRACTICE"
"""The points of the good-practice checklist, which are made from its answers."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. One without a denominator is a count or a sum; `first` are those of the short first form; one that is not
    `entered` is made from other answers."""

    code: str
    name: Mapping[str, str]
    numerator: Mapping[str, str]
    denominator: Mapping[str, str] | None
    unit: str
    period: str
    better: str
    lowest: float
    highest: float
    first: bool
    by_sex: bool
    wages: bool
    entered: bool


@cache
def indicators() -> Mapping[str, Indicator]:
    """Return the indicators by code, in their order."""
    return {row["code"]: Indicator(**row) for row in json.loads(FILE.read_text(encoding="utf-8"))}


def entered_indicators() -> list[Indicator]:
    """Return what a form asks, those of the short first form first."""
    entered = [indicator for indicator in indicators().values() if indicator.entered]
    return sorted(entered, key=lambda indicator: not indicator.first)
