"""Figures against targets, made of rows and targets alone: the same for the API, the page and the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from services.reporting.results import metrics
from services.reporting.results.indicators import COMPLETED_NAMES, COUNTED, GRADUATED_NAMES, NO_COST
from services.reporting.results.metrics import Rows
from services.reporting.results.suppression import Breakdown, complete, published, published_together
from services.reporting.targets.model import Target
from shared.kernel.message import Message
from shared.reference.cost_recovery import Recovery

FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a count, for one reader: `smallest` is null for readers who may see every cell."""

    today: date
    since: date
    smallest: int | None
    amounts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One indicator. `result` is null while it cannot be told, and `words` then say why."""

    code: str
    names: Mapping[str, str] | Message
    unit: str
    result: Decimal | None
    counted: Message
    words: Message | None = None
    comparator: str | None = None
    target: int | None = None
    due: date | None = None
    breakdowns: Mapping[str, Breakdown]
    variants: Mapping[str, Decimal | None] | None = None
    amounts: Recovery | None = None

    @property
    def share(self) -> Decimal | None:
        """Return the share of the target; 1 is reached, more is more than promised."""
        if self.result is None or not self.target:
            return None
        return (self.result / self.target).quantize(FOUR_PLACES, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Results:
    """`as_of` is when the newest event counted here was recorded; `lag_seconds` how long the figures may be behind."""

    as_of: datetime | None
    lag_seconds: int | None
    figures: tuple[Figure, ...]

    def __getitem__(self, code: str) -> Figure:
        return next(figure for figure in self.figures if figure.code == code)


def figures_of(rows: Rows, targets: Mapping[str, Target], terms: Terms) -> tuple[Figure, ...]:
    return (
        *_of_enterprises(rows, targets, terms),
        *_of_trainers(rows, targets, terms),
        _of_money(rows, targets, terms),
    )


def _of_enterprises(rows: Rows, targets: Mapping[str, Target], terms: Terms) -> list[Figure]:
    direct = metrics.enterprises_trained(rows, "direct", terms.since)
    indirect = metrics.enterprises_trained(rows, "indirect", terms.since)
    breakdowns = {
        "province": _breakdown_for(metrics.by(lambda enterprise: enterprise.province, direct), terms),
        "sector": _breakdown_for(metrics.by(lambda enterprise: enterprise.sector, direct), terms),
    }
    completed = metrics.enterprises_completed(rows, terms.since)
    graduated = metrics.enterprises_graduated(rows, terms.since)
    return [
        _against(targets.get("T5"), "T5", len(direct), breakdowns),
        _against(targets.get("T7"), "T7", len(indirect), {}),
        _counted("completed", COMPLETED_NAMES, len(completed)),
        _counted("graduated", GRADUATED_NAMES, len(graduated)),
    ]


def _counted(code: str, names: Message, result: int) -> Figure:
    """Return the figure of enterprises counted without a target."""
    return Figure(
        code=code, names=names, unit="enterprises", result=Decimal(result), counted=COUNTED[code], breakdowns={}
    )


def _of_trainers(rows: Rows, targets: Mapping[str, Target], terms: Terms) -> list[Figure]:
    registered = metrics.trainers_registered(rows)
    certified = metrics.trainers_certified(rows, terms.today)
    whole, part = metrics.by_sex(registered), metrics.by_sex(certified)
    everyone, some = complete(whole), complete(part)
    if terms.smallest is not None:
        everyone, some = published_together(whole, part, terms.smallest)
    return [
        _against(targets.get("T8"), "T8", len(registered), {"sex": everyone}),
        _against(targets.get("T9"), "T9", len(certified), {"sex": some}),
    ]


def _of_money(rows: Rows, targets: Mapping[str, Target], terms: Terms) -> Figure:
    recovery = metrics.cost_recovery(rows, terms.since)
    return _against(
        targets.get("T10"),
        "T10",
        recovery.rate,
        {},
        words=NO_COST if recovery.rate is None else None,
        variants={"accrual": recovery.rate, "cash": None, "incl_in_kind": None},
        amounts=recovery if terms.amounts else None,
    )


def _breakdown_for(cells: Mapping[str, int], terms: Terms) -> Breakdown:
    return complete(cells) if terms.smallest is None else published(cells, terms.smallest)


def _against(
    target: Target | None,
    code: str,
    result: int | Decimal | None,
    breakdowns: Mapping[str, Breakdown],
    *,
    words: Message | None = None,
    variants: Mapping[str, Decimal | None] | None = None,
    amounts: Recovery | None = None,
) -> Figure:
    return Figure(
        code=code,
        names=target.names if target else Message(code),
        unit=target.unit if target else "",
        result=None if result is None else Decimal(result),
        counted=COUNTED[code],
        words=words,
        comparator=target.comparator if target else None,
        target=target.number if target else None,
        due=target.due if target else None,
        breakdowns=breakdowns,
        variants=variants,
        amounts=amounts,
    )
