"""Cost recovery over HTTP."""

from __future__ import annotations

from typing import Any

from services.finance.recovery.queries import entries
from services.finance.recovery.rules import in_period, parts, recovered
from services.finance.recovery.schemas import AskRecovery, CostRecoveryView
from services.finance.roles import OFFICE
from shared.web.api.routes import Routes
from shared.web.fields import Body

recovery = Routes("recovery", description="How much of the cost of delivery others than the ILO bear")


@recovery.get("/v1/cost-recovery", permits=OFFICE, returns=CostRecoveryView, query=AskRecovery)
def show_cost_recovery(query: Body) -> dict[str, Any]:
    period, variant, by = query.get("period"), query["variant"], query["by"]
    found = in_period(entries(), period) if period else entries()
    return {
        "period": period,
        "variant": variant,
        "by": by,
        "whole": recovered(found, variant),
        "items": parts(found, variant, by),
    }
