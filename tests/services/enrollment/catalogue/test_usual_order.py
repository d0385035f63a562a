"""The order in which the page for a commitment offers the modules of the catalogue."""

from __future__ import annotations

from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.catalogue.plans import usual_order


def version(module: str, *prerequisites: str, number: int = 1) -> ModuleVersion:
    return ModuleVersion(module=module, number=number, prerequisites=list(prerequisites))


def test_a_module_comes_after_those_it_needs() -> None:
    catalogue = [version("M2", "M3"), version("M10", "M1"), version("M3", "M1"), version("M1")]
    assert usual_order(catalogue) == ["M1", "M3", "M2", "M10"]


def test_the_newest_version_says_what_is_needed() -> None:
    catalogue = [version("M2", "M1", number=2), version("M2", "M3"), version("M3", "M1"), version("M1")]
    assert usual_order(catalogue) == ["M1", "M2", "M3"]


def test_versions_that_need_each_other_are_offered_all_the_same() -> None:
    assert usual_order([version("M1", "M2"), version("M2", "M1")]) == ["M1", "M2"]
