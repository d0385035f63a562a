"""Cost recovery for people: the rate in its variants, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request
from flask.typing import ResponseReturnValue

from services.finance.recovery.labels import PARTS, VARIANTS
from services.finance.recovery.queries import entries
from services.finance.recovery.rules import in_period, parts, recovered
from services.finance.roles import OFFICE
from shared.kernel.message import gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.parties import party_names
from shared.web.pages.rendering import render

PAGES = Pages("finance")


@PAGES.get("/cost-recovery", permits=OFFICE, title=gettext_noop("Cost recovery"), nav=("money", 4))
def cost_recovery() -> ResponseReturnValue:
    variant = _asked("variant", VARIANTS)
    by = _asked("by", PARTS)
    whole = entries()
    periods = sorted({entry.period for entry in whole} | {entry.period[:4] for entry in whole}, reverse=True)
    asked = request.args.get("period", "")
    period = asked if asked in periods else None
    shown = in_period(whole, period) if period else whole
    found = parts(shown, variant, by)
    return render(
        "cost_recovery.html",
        period=period,
        periods=periods,
        variant=variant,
        by=by,
        rates={name: recovered(shown, name) for name in VARIANTS},
        parts=found,
        providers=party_names(part.provider_id for part in found if part.provider_id),
    )


def _asked(name: str, choices: Iterable[str]) -> str:
    """Return what the address asks for, the first choice where it asks for none of them."""
    known = tuple(choices)
    asked = request.args.get(name, "")
    return asked if asked in known else known[0]
