"""Sets targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypedDict, Unpack

from services.reporting.targets.model import Target
from services.reporting.targets.queries import target_coded
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.reference.zones import WIB
from shared.storage.transaction import transactional


class NewTarget(TypedDict):
    """The content of a new target. `number` is null for a milestone that is told in words."""

    position: int
    names: Mapping[str, str]
    unit: str
    comparator: str
    number: int | None
    due: date
    note: Mapping[str, str]


@transactional
def establish_target(*, code: str, valid_from: date, **described: Unpack[NewTarget]) -> Target:
    """Establish a target of the results framework, as the programme set out with it; a second time changes nothing."""
    target_id = Target.id_of(code)
    established = Target.find(target_id)
    if established:
        return established
    target = Target(id=target_id, code=code, **described)
    target.establish(valid_from, by=current_principal().id)
    return target.save()


@transactional
def set_target(code: str, *, number: int, reason: str) -> Target:
    """Set another number from today on; what it was stays in the history."""
    target = target_coded(code)
    changed = target.change(number, reason, clock.today(WIB), by=current_principal().id)
    return target.save() if changed else target
