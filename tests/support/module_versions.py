"""A small catalogue of modules without a store."""

from __future__ import annotations

from datetime import date

from services.enrollment.catalogue.model import ModuleVersion

DAY = date(2026, 3, 2)


def version(module: str, number: int = 1, *, needs: tuple[str, ...] = (), valid_from: date = DAY) -> ModuleVersion:
    return ModuleVersion(
        module=module, number=number, names={"id": module}, classroom_days=2, required_visits=2,
        prerequisites=list(needs), valid_from=valid_from,
    )  # fmt: skip


CATALOGUE = [version("M1"), version("M2", needs=("M1",)), version("M3", needs=("M1", "M2"))]
