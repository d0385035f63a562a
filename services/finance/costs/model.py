"""A direct cost of delivering modules: spent by a provider or the programme, or given in kind; taken back as a whole."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, TypedDict
from uuid import UUID

import mongoengine as me

from shared.contracts.events.finance import CostRecorded, CostReversed
from shared.contracts.values import Funder, Money
from shared.domain.aggregate import Aggregate
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope


class CostFacts(TypedDict):
    """What both events of a cost say."""

    cost_id: UUID
    category: str
    amount: Money
    in_kind: bool
    funded_by: Funder
    provider_id: UUID | None
    module: str | None
    incurred_on: date
    period: str


class Cost(Aggregate):
    """The amount is whole rupiah without tax: VAT and withheld income tax are no cost (reference/domain.md, 4.1 rule 6). A
    cost without a provider is the programme's own."""

    meta: ClassVar[dict[str, object]] = {"collection": "costs"}
    INDEXES = (*by_time("provider_id"), index("incurred_on"))
    LIFECYCLE = Lifecycle("booked", {"reverse": allow("booked", to="reversed")})

    provider_id = me.UUIDField(binary=True)
    category = me.StringField(required=True)
    amount = me.LongField(required=True)
    in_kind = me.BooleanField(required=True)
    funded_by = me.StringField(required=True)
    module = me.StringField()
    incurred_on = me.DateField(required=True)
    description = me.StringField()
    reversed_on = me.DateField()
    reversal_reason = me.StringField()
    state = me.StringField(required=True, default="booked")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return which costs somebody sees: an institution those of its own, the programme's people all."""
        if principal.role in ("provider", "finance") and principal.institution:
            return {"provider_id": principal.institution}
        return {} if principal.role in ("programme", "auditor", "finance") else None

    @classmethod
    def recorded(cls, **values: Any) -> Cost:
        """Book a cost, and say so."""
        cost = cls(**values)
        cost._book()
        return cost

    def _book(self) -> None:
        self.record(CostRecorded(**self._about(self.incurred_on)))

    def reverse(self, reason: str, *, reversed_on: date) -> None:
        """Take it back as a whole: what was right is recorded anew."""
        self.transition("reverse")
        self.reversed_on, self.reversal_reason = reversed_on, reason
        self.record(CostReversed(**self._about(reversed_on), reason=reason))

    @property
    def period(self) -> str:
        """Return the month in the books, such as `2026-03`."""
        return month_of(self.incurred_on)

    def _about(self, booked_on: date) -> CostFacts:
        return {
            "cost_id": self.id,
            "category": self.category,
            "amount": Money(amount=self.amount),
            "in_kind": self.in_kind,
            "funded_by": self.funded_by,
            "provider_id": self.provider_id,
            "module": self.module,
            "incurred_on": self.incurred_on,
            "period": month_of(booked_on),
        }


def month_of(day: date) -> str:
    """Return the month of a day, such as `2026-03`."""
    return f"{day:%Y-%m}"
