"""Judges figures: whether they make a reading, whether it is plausible, how one differs from an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from services.consulting.readings.errors import (
    DENOMINATOR_NOT_ASKED,
    FIGURES_OF_NOTHING,
    NO_DIVISION_BY_ZERO,
    REPEATED_READING,
    REQUIRED,
    SEX_NEEDED,
    SEX_NOT_ASKED,
    UNKNOWN_INDICATOR,
)
from services.consulting.readings.indicators import FACTORS, Indicator, indicators
from shared.domain.refusals import refuse
from shared.kernel.errors import Fault


class GivenReading(TypedDict):
    """What a request says of an indicator. One without quality and figures says nothing: its boxes were left empty."""

    indicator: str
    sex: NotRequired[str]
    quality: NotRequired[str]
    numerator: NotRequired[float]
    denominator: NotRequired[float]
    period: NotRequired[str]
    source: NotRequired[str]


def says_something(given: GivenReading) -> bool:
    return any(given.get(name) is not None for name in ("quality", "numerator", "denominator"))


def reading_faults(readings: Sequence[GivenReading]) -> list[Fault]:
    """Return what is wrong with the readings of a request, each by its place there."""
    faults: list[Fault] = []
    seen: set[tuple[str, str | None]] = set()
    for number, given in enumerate(readings):
        if says_something(given):
            faults += [fault.at(f"/readings/{number}/{name}") for name, fault in _faults_of(given, seen)]
            seen.add((given["indicator"], given.get("sex")))
    return faults


def require_readings(readings: Sequence[GivenReading]) -> None:
    refuse(reading_faults(readings))


def _faults_of(given: GivenReading, seen: set[tuple[str, str | None]]) -> Iterator[tuple[str, Fault]]:
    indicator = indicators().get(given["indicator"])
    if indicator is None or not indicator.entered:
        yield "indicator", UNKNOWN_INDICATOR
        return
    if (indicator.code, given.get("sex")) in seen:
        yield "indicator", REPEATED_READING
    if indicator.by_sex != bool(given.get("sex")):
        yield "sex", SEX_NEEDED if indicator.by_sex else SEX_NOT_ASKED
    yield from _figure_faults(given, rate=indicator.denominator is not None)


def _figure_faults(given: GivenReading, *, rate: bool) -> Iterator[tuple[str, Fault]]:
    numerator, denominator = given.get("numerator"), given.get("denominator")
    if given.get("quality") is None:
        yield "quality", REQUIRED
    elif given["quality"] == "not_measured":
        if numerator is not None or denominator is not None:
            yield "numerator" if numerator is not None else "denominator", FIGURES_OF_NOTHING
        return
    if numerator is None:
        yield "numerator", REQUIRED
    if rate and denominator is None:
        yield "denominator", REQUIRED
    if rate and denominator == 0:
        yield "denominator", NO_DIVISION_BY_ZERO
    if not rate and denominator is not None:
        yield "denominator", DENOMINATOR_NOT_ASKED


def value_of(unit: str, numerator: float | None, denominator: float | None) -> float | None:
    """Return what a reading comes to: the rate in its unit, or the number itself where there is nothing to divide by."""
    if numerator is None:
        return None
    return numerator if denominator is None else numerator / denominator * FACTORS.get(unit, 1)


def flag_of(indicator: Indicator, value: float | None) -> str | None:
    """Return what makes a value doubtful: it is below or above what is plausible."""
    if value is None:
        return None
    return "below" if value < indicator.lowest else "above" if value > indicator.highest else None


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading as far as it is compared with another one."""

    value: float | None
    unit: str
    period: str


@dataclass(frozen=True, slots=True)
class Change:
    """How a value differs from the first one; the share of it, in per cent, is null where that was zero."""

    difference: float
    percent: float | None

    def improves(self, better: str) -> bool | None:
        """Say whether this is for the better; None where neither direction is."""
        if better == "context":
            return None
        return self.difference > 0 if better == "up" else self.difference < 0


def change(before: Taken, after: Taken) -> Change | None:
    """Return how a reading changed; None where the two cannot be compared: not measured, another unit or length of period."""
    if before.value is None or after.value is None or (before.unit, before.period) != (after.unit, after.period):
        return None
    difference = after.value - before.value
    return Change(difference, difference / abs(before.value) * 100 if before.value else None)


@dataclass(frozen=True, slots=True)
class Summary:
    """How an indicator changed over many enterprises: `enterprises` are those that have it at both times, `asked` those that were
    assessed at the later one. Null where too few enterprises would be told of."""

    indicator: Indicator
    sex: str | None
    asked: int | None
    enterprises: int | None
    mean_change_percent: float | None
    improved_percent: float | None

    @property
    def response_percent(self) -> float | None:
        return self.enterprises / self.asked * 100 if self.enterprises and self.asked else None


def summary(indicator: Indicator, sex: str | None, steps: Sequence[Change], asked: int, fewest: int) -> Summary:
    """Sum the changes of one indicator up; nothing is told of fewer enterprises than `fewest`."""
    if len(steps) < fewest:
        return Summary(indicator, sex, asked if asked >= fewest else None, None, None, None)
    shares = [step.percent for step in steps if step.percent is not None]
    mean = sum(shares) / len(shares) if len(shares) >= fewest else None
    verdicts = [step.improves(indicator.better) for step in steps]
    improved = None if None in verdicts else sum(bool(verdict) for verdict in verdicts) / len(verdicts) * 100
    return Summary(indicator, sex, asked, len(steps), mean, improved)
