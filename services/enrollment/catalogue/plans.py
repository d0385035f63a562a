"""The plan of modules that an enterprise agrees on: the programme's first module first, each after those it needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from services.enrollment.catalogue.errors import (
    FIRST_MODULE_MISSING,
    MODULE_TWICE,
    PREREQUISITE_MISSING,
    UNKNOWN_MODULE,
)
from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.errors import refused


def planned_modules(plan: Sequence[str], catalogue: Iterable[ModuleVersion], on: date) -> list[ModuleVersion]:
    """Return the version of each planned module that is valid on a day; refuses a plan that breaks a rule."""
    valid: dict[str, ModuleVersion] = {}
    for version in sorted(catalogue, key=lambda version: version.number):
        if version.valid_from <= on:
            valid[version.module] = version
    for number, module in enumerate(plan):
        place = f"/plan/{number}"
        if module not in valid:
            raise refused(place, UNKNOWN_MODULE)
        if module in plan[:number]:
            raise refused(place, MODULE_TWICE)
        if number == 0 and module != FIRST_MODULE:
            raise refused(place, FIRST_MODULE_MISSING)
        if set(valid[module].prerequisites) - set(plan[:number]):
            raise refused(place, PREREQUISITE_MISSING)
    return [valid[module] for module in plan]


def usual_order(catalogue: Iterable[ModuleVersion]) -> list[str]:
    """List the modules of the catalogue, each after those it needs, else by number: an order in which any plan can be written."""
    needed = {
        version.module: set(version.prerequisites) for version in sorted(catalogue, key=lambda version: version.number)
    }
    remaining = sorted(needed, key=lambda module: (module != FIRST_MODULE, len(module), module))
    order: list[str] = []
    while remaining:
        # where versions need each other in a circle, none of them can come first
        following = next((module for module in remaining if needed[module] <= set(order)), remaining[0])
        remaining.remove(following)
        order.append(following)
    return order


LONGEST_PLAN = 20


FIRST_MODULE = "M1"
