"""Prices over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.finance import commands
from services.finance.price import Price
from services.finance.schemas import PriceView, SetPrice
from shared.web.listing import ListQuery
from shared.web.routes import Routes

prices = Routes("prices", description="What a module costs, from a date on")
READERS = ("programme", "finance", "provider", "auditor")


@prices.post(
    "/v1/prices", permits=("programme", "finance", "provider"), body=SetPrice, returns=PriceView, created=True,
    location="/v1/prices/{id}",
)  # fmt: skip
def set_price(body: dict[str, Any]) -> Price:
    return commands.set_price(**body)


@prices.list("/v1/prices", permits=READERS, returns=PriceView, filters=("module",), sort=("created_at",))
def list_prices(query: ListQuery) -> Any:
    del query
    return Price.objects


@prices.get("/v1/prices/<uuid:price_id>", permits=READERS, returns=PriceView)
def show_price(price_id: UUID) -> Price:
    return Price.get(price_id)
