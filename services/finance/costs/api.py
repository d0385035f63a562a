"""Costs over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.finance.costs import commands
from services.finance.costs.model import Cost
from services.finance.costs.schemas import CostView, RecordCost, ReverseCost
from services.finance.roles import BOOKKEEPERS, OFFICE
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

costs = Routes("costs", description="What the delivery of modules costs")


@costs.post(
    "/v1/costs", permits=BOOKKEEPERS, body=RecordCost, returns=CostView, created=True, location="/v1/costs/{id}"
)
def record_cost(body: Body) -> Cost:
    return commands.record_cost(**body)


@costs.list(
    "/v1/costs", permits=OFFICE, returns=CostView,
    filters=("state", "category", "funded_by", "in_kind", "module", "provider_id"), sort=("created_at",),
)  # fmt: skip
def list_costs(query: ListQuery) -> ScopedQuerySet:
    del query
    return Cost.objects


@costs.get("/v1/costs/<uuid:cost_id>", permits=OFFICE, returns=CostView)
def show_cost(cost_id: UUID) -> Cost:
    return Cost.get(cost_id)


@costs.post("/v1/costs/<uuid:cost_id>/reversal", permits=BOOKKEEPERS, body=ReverseCost, returns=CostView)
def reverse_cost(cost_id: UUID, body: Body) -> Cost:
    return commands.reverse_cost(cost_id, **body)
