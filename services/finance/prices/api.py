"""Prices over HTTP."""

from __future__ import annotations

from uuid import UUID

from services.finance.prices import commands
from services.finance.prices.model import Price
from services.finance.prices.schemas import PriceView, SetPrice
from services.finance.roles import BOOKKEEPERS, OFFICE
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.fields import Body
from shared.web.lists.listing import ListQuery

prices = Routes("prices", description="What a module costs, from a date on")


@prices.post(
    "/v1/prices", permits=BOOKKEEPERS, body=SetPrice, returns=PriceView, created=True,
    location="/v1/prices/{id}",
)  # fmt: skip
def set_price(body: Body) -> Price:
    return commands.set_price(**body)


@prices.list("/v1/prices", permits=OFFICE, returns=PriceView, filters=("module",), sort=("created_at",))
def list_prices(query: ListQuery) -> ScopedQuerySet:
    del query
    return Price.objects


@prices.get("/v1/prices/<uuid:price_id>", permits=OFFICE, returns=PriceView)
def show_price(price_id: UUID) -> Price:
    return Price.get(price_id)
