"""What reporting says: changed targets and published reports."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from shared.contracts.event import Event, Owner
from shared.contracts.values import Period, Quantity
from shared.contracts.wire.shape import Code, Timestamp, Value

reporting: Final = Owner("reporting")


class Figure(Value):
    """One line of a digest; a result too small to publish is null."""

    indicator: Code
    unit: Code
    result: Quantity | None = None
    target: Quantity | None = None


@reporting.event(key="target_id")
class TargetChanged(Event):
    """A target of the results framework was set or changed."""

    target_id: UUID
    indicator: Code
    unit: Code
    value: Quantity
    previous: Quantity | None = None
    valid_from: date
    reason: Code


@reporting.event(key="report_id")
class ReportPublished(Event):
    """A report was published."""

    report_id: UUID
    kind: Code
    period: Period
    as_of: Timestamp
    figures: tuple[Figure, ...]
