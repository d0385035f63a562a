"""What figures come to, when they are doubtful, and which two readings can be compared."""

from __future__ import annotations

import pytest

from services.consulting.readings.indicators import FACTORS, PERIODS, indicators
from services.consulting.readings.labels import BETTER, UNITS
from services.consulting.readings.rules import Change, Taken, change, flag_of, reading_faults, summary, value_of
from tests.support.assessments import measured


def test_every_indicator_is_whole() -> None:
    for code, each in indicators().items():
        assert code == each.code
        assert each.name["id"]
        assert each.name["en"]
        assert each.better in BETTER
        assert each.unit in UNITS
        assert each.period in PERIODS
        assert each.lowest < each.highest
        assert (each.denominator is not None) or each.unit not in FACTORS


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator", "value"),
    [
        ("percent", 30, 1000, 3.0),
        ("per_million_hours", 2, 500_000, 4.0),
        ("idr_per_worker", 90_000_000, 20, 4_500_000),
        ("count", 3, None, 3),
        ("percent", None, None, None),
    ],
)
def test_a_value_is_made_of_its_figures(
    unit: str, numerator: float | None, denominator: float | None, value: float | None
) -> None:
    assert value_of(unit, numerator, denominator) == value


@pytest.mark.parametrize(("value", "flag"), [(3, None), (0, None), (-1, "below"), (60, "above"), (None, None)])
def test_what_is_not_plausible_is_flagged(value: float | None, flag: str | None) -> None:
    assert flag_of(indicators()["DEFECT"], value) == flag


def test_a_change_needs_the_same_unit_and_length_of_period() -> None:
    before = Taken(8, "percent", "month")
    assert change(before, Taken(6, "percent", "month")) == Change(-2, -25)
    assert change(before, Taken(6, "percent", "year")) is None
    assert change(before, Taken(6, "count", "month")) is None
    assert change(before, Taken(None, "percent", "month")) is None
    assert change(Taken(-4, "persons", "year"), Taken(2, "persons", "year")) == Change(6, 150)


def test_from_zero_only_the_difference_is_told() -> None:
    assert change(Taken(0, "count", "month"), Taken(2, "count", "month")) == Change(2, None)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"indicator": "DEFECT"}, []),
        ({"indicator": "DEFECT", "quality": "not_measured"}, []),
        (measured("DEFECT", 1, 10), []),
        (measured("ACCIDENTS", 0), []),
        (measured("NOTHING", 1), [("indicator", "unknown-indicator")]),
        (measured("PRACTICE", 1, 3), [("indicator", "unknown-indicator")]),
        (measured("DEFECT", 1), [("denominator", "required")]),
        (measured("DEFECT", 1, 0), [("denominator", "denominator-zero")]),
        (measured("ACCIDENTS", 1, 5), [("denominator", "denominator-not-asked")]),
        (measured("WAGE_AVG", 5, 1), [("sex", "sex-needed")]),
        (measured("DEFECT", 1, 10, sex="female"), [("sex", "sex-not-asked")]),
        ({"indicator": "DEFECT", "numerator": 1, "denominator": 2}, [("quality", "required")]),
        ({"indicator": "DEFECT", "quality": "not_measured", "numerator": 1}, [("numerator", "figures-of-nothing")]),
    ],
)
def test_each_fault_of_a_reading_is_told_at_its_box(given: dict, faults: list[tuple[str, str]]) -> None:
    found = [(fault.pointer, fault.code) for fault in reading_faults([{"indicator": "OTD"}, given])]
    assert found == [(f"/readings/1/{box}", code) for box, code in faults]


def test_an_indicator_stands_once_in_a_request_but_for_each_sex() -> None:
    wages = [measured("WAGE_AVG", 5, 1, sex=sex) for sex in ("female", "male", "female")]
    assert [fault.pointer for fault in reading_faults(wages)] == ["/readings/2/indicator"]


def test_nothing_is_told_of_a_few_enterprises() -> None:
    steps = [Change(-2, -20.0), Change(-1, -10.0), Change(1, 10.0), Change(-4, -40.0), Change(0, None)]
    few = summary(indicators()["DEFECT"], None, steps[:4], 8, 5)
    assert (few.asked, few.enterprises, few.mean_change_percent, few.improved_percent) == (8, None, None, None)
    told = summary(indicators()["DEFECT"], None, steps, 8, 4)
    assert (told.enterprises, told.response_percent, told.mean_change_percent, told.improved_percent) == (
        5,
        62.5,
        -15,
        60,
    )
    assert summary(indicators()["DEFECT"], None, steps, 8, 5).mean_change_percent is None, "one of five began at zero"
