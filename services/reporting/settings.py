"""The settings that the programme may choose about its figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from marshmallow.validate import Range, Regexp

from shared.kernel.settings.declaration import POSITIVE, load, setting

# below 3, what is held back about trainers could be worked out from the other table (see suppression)
LEAST_CELL = Range(min=3)


@dataclass(frozen=True, slots=True)
class ReportingSettings:
    smallest_cell: int = setting(
        "SCORE_SMALLEST_CELL", 5, "Breakdowns hide counts below this from readers of aggregates", check=LEAST_CELL
    )
    phase_start: str = setting(
        "SCORE_PHASE_START",
        "2017-11-01",
        "First day that counts towards the targets; what is older is in the opening balances",
        check=Regexp(r"\d{4}-\d{2}-\d{2}$"),
    )
    fresh_seconds: float = setting(
        "SCORE_RESULTS_FRESH_SECONDS", 15.0, "Figures count as current this long after the last look", check=POSITIVE
    )

    @property
    def counts_from(self) -> date:
        return date.fromisoformat(self.phase_start)


@cache
def reporting_settings() -> ReportingSettings:
    return load(ReportingSettings)
