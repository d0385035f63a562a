"""Opening balances: what earlier phases reached, as the programme's document says it; reference data, in no counter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

BALANCES = Path(__file__).parent / "opening_balances.json"


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """`comparator` is `more_than` where the source says so. Historic rates are quoted, not computed again."""

    code: str
    comparator: str
    value: int
    unit: str
    as_of: date
    names: Mapping[str, str]


@cache
def opening_balances() -> tuple[OpeningBalance, ...]:
    rows = json.loads(BALANCES.read_text(encoding="utf-8"))
    return tuple(OpeningBalance(**{**row, "as_of": date.fromisoformat(row["as_of"])}) for row in rows)
