"""Records what the delivery of modules cost, and takes back what was recorded wrongly."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.finance.costs.model import Cost
from services.finance.costs.queries import require_incurred
from services.finance.prices.queries import acting_provider
from services.finance.settings import today
from shared.domain.refusals import Refusals
from shared.storage.transaction import transactional


@transactional
def record_cost(
    *,
    category: str,
    amount: int,
    incurred_on: date,
    in_kind: bool = False,
    funded_by: str = "non_ilo",
    module: str | None = None,
    provider_id: UUID | None = None,
    description: str | None = None,
) -> Cost:
    """Record a direct cost, in whole rupiah without tax, of the caller's own institution, of the one that the programme names,
    or of the programme itself."""
    refusals = Refusals()
    with refusals.gather():
        require_incurred(incurred_on)
    with refusals.gather():
        provider_id = acting_provider(provider_id)
    refusals.end()
    cost = Cost.recorded(
        provider_id=provider_id,
        category=category,
        amount=amount,
        in_kind=in_kind,
        funded_by=funded_by,
        module=module,
        incurred_on=incurred_on,
        description=description,
    )
    return cost.save()


@transactional
def reverse_cost(cost_id: UUID, *, reason: str) -> Cost:
    """Take back a cost that was recorded wrongly; what is right is recorded anew."""
    cost = Cost.get(cost_id)
    cost.reverse(reason, reversed_on=today())
    return cost.save()
