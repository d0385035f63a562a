"""The price of a module for an enterprise, from a date on: a provider's own price, or the programme's where it has none."""

from __future__ import annotations

from typing import ClassVar

import mongoengine as me

from shared.domain.aggregate import Aggregate
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope


class Price(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "prices"}
    INDEXES = (
        *by_time("provider_id"),
        index("module"),
    )

    module = me.StringField(required=True)
    provider_id = me.UUIDField(binary=True)
    amount = me.LongField(required=True)
    valid_from = me.DateField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        if principal.role in ("programme", "auditor") or (principal.role == "finance" and not principal.institution):
            return {}
        if principal.role in ("provider", "finance"):
            return {"provider_id": {"$in": [principal.institution, None]}}
        return None
