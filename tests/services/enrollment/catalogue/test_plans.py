"""A plan of modules: its order, its prerequisites, the versions it takes."""

from __future__ import annotations

from datetime import date

import pytest

from services.enrollment.catalogue.plans import planned_modules
from shared.domain.errors import Invalid
from tests.support.module_versions import CATALOGUE, DAY, version


@pytest.mark.parametrize(
    ("plan", "pointer", "code"),
    [
        (["M2", "M1"], "/plan/0", "first-module"),
        (["M1", "M9"], "/plan/1", "unknown-module"),
        (["M1", "M1"], "/plan/1", "module-twice"),
        (["M1", "M3"], "/plan/1", "prerequisite-missing"),
    ],
)
def test_a_plan_begins_with_the_first_module_and_keeps_the_order(plan: list[str], pointer: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        planned_modules(plan, CATALOGUE, DAY)
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [(pointer, code)]


def test_a_plan_takes_the_version_that_is_valid() -> None:
    later = version("M1", 2, valid_from=date(2026, 6, 1))
    assert [one.number for one in planned_modules(["M1", "M2"], [later, *CATALOGUE], DAY)] == [1, 1]
    assert planned_modules(["M1"], [later, *CATALOGUE], date(2026, 6, 1))[0].number == 2
