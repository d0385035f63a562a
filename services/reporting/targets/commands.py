"""Sets targets."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.reporting.settings import ZONE
from services.reporting.targets.model import Target
from shared.kernel import clock
from shared.storage.transaction import transactional


@transactional
def establish_target(*, code: str, valid_from: date, **described: Any) -> Target:
    """A target of the results framework, as the programme set out with it; a second time changes nothing."""
    known = Target.find(Target.id_of(code))
    if known:
        return known
    target = Target(id=Target.id_of(code), code=code, **described)
    target.establish(valid_from)
    return target.save()


@transactional
def set_target(code: str, *, number: int, reason: str) -> Target:
    """Another number from today on; what it was stays in the history."""
    target = Target.coded(code)
    return target.save() if target.change(number, reason, clock.today(ZONE)) else target
