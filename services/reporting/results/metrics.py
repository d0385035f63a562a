"""The counting rules of the results framework, as functions of projected rows (domain.md 5.4 and 4.1).

Whoever is counted is counted once, whatever the number of classrooms, modules or certificates. Rates are ratios of sums.
Nothing older than the phase counts: that is in the opening balances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.reporting.projections.enterprise_result import EnterpriseResult
from services.reporting.projections.model import Projection
from services.reporting.projections.money_result import CostResult, InvoiceResult
from services.reporting.projections.trainer_result import TrainerResult
from shared.reference.cost_recovery import Recovery
from shared.reference.sexes import SEXES

UNKNOWN = "unknown"
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that figures are counted from."""

    enterprises: tuple[EnterpriseResult, ...] = ()
    trainers: tuple[TrainerResult, ...] = ()
    invoices: tuple[InvoiceResult, ...] = ()
    costs: tuple[CostResult, ...] = ()

    def all(self) -> Iterable[Projection]:
        return (*self.enterprises, *self.trainers, *self.invoices, *self.costs)


def enterprises_trained(rows: Rows, mode: str, since: date) -> list[EnterpriseResult]:
    """Return T5 (`direct`) or T7 (`indirect`): distinct enterprises with at least one classroom that stands."""
    return [enterprise for enterprise in rows.enterprises if enterprise.trained(mode, since)]


def enterprises_completed(rows: Rows, since: date) -> list[EnterpriseResult]:
    return [enterprise for enterprise in rows.enterprises if enterprise.completed(since)]


def enterprises_graduated(rows: Rows, since: date) -> list[EnterpriseResult]:
    return [enterprise for enterprise in rows.enterprises if enterprise.graduated(since)]


def trainers_registered(rows: Rows) -> list[TrainerResult]:
    """Return T8: the registered trainers."""
    return [trainer for trainer in rows.trainers if trainer.registered]


def trainers_certified(rows: Rows, day: date) -> list[TrainerResult]:
    """Return T9: persons, not certificates, out of those that T8 counts."""
    return [trainer for trainer in rows.trainers if trainer.certified(day)]


def cost_recovery(rows: Rows, since: date) -> Recovery:
    """Return T10 in its headline variant."""
    return Recovery(
        income=sum(invoice.income(since) for invoice in rows.invoices),
        cost=sum(cost.spent(since) for cost in rows.costs),
    )


def by_sex(trainers: Iterable[TrainerResult]) -> Mapping[str, int]:
    counted = Counter(trainer.sex for trainer in trainers)
    return {sex: counted[sex] for sex in SEXES}


def by(part: Callable[[EnterpriseResult], str | None], enterprises: Iterable[EnterpriseResult]) -> Mapping[str, int]:
    """Return the counts by a property; what has not arrived yet is `unknown`."""
    return Counter(part(enterprise) or UNKNOWN for enterprise in enterprises)
