"""Says what the codes and fields of readings are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop
from shared.reference.sexes import COUNTED_SEXES

FIELDS: Final[Mapping[str, str]] = {
    "indicator": gettext_noop("Indicator"),
    "stage": gettext_noop("Taken at"),
    "current": gettext_noop("Reading"),
    "earlier": gettext_noop("Earlier versions"),
    "quality": gettext_noop("How it was found"),
    "unit": gettext_noop("Unit"),
    "period": gettext_noop("Period"),
    "numerator": gettext_noop("First figure"),
    "denominator": gettext_noop("Second figure"),
    "value": gettext_noop("Value"),
    "flag": gettext_noop("Doubt"),
    "source": gettext_noop("Where it comes from"),
    "taken_on": gettext_noop("Taken on"),
    "entered_at": gettext_noop("Entered (UTC)"),
    "counts": gettext_noop("Counts"),
    "source_id": gettext_noop("Number of the assessment or visit"),
    "viewer_id": gettext_noop("Institution"),
}

QUALITIES: Final[Mapping[str, str]] = {
    "measured": gettext_noop("Measured"),
    "estimated": gettext_noop("Estimated"),
    "not_measured": gettext_noop("Not measured"),
}

SOURCES: Final[Mapping[str, str]] = {
    "records": gettext_noop("Records of the enterprise"),
    "counted": gettext_noop("Counted on the spot"),
    "told": gettext_noop("Told by the enterprise"),
}

PERIODS: Final[Mapping[str, str]] = {
    "day": gettext_noop("One day"),
    "week": gettext_noop("One week"),
    "month": gettext_noop("One month"),
    "quarter": gettext_noop("Three months"),
    "half_year": gettext_noop("Six months"),
    "year": gettext_noop("One year"),
}

SEXES: Final = COUNTED_SEXES

UNITS: Final[Mapping[str, str]] = {
    "percent": "%",
    "count": gettext_noop("cases"),
    "days": gettext_noop("days"),
    "idr": "Rp",
    "idr_per_worker": gettext_noop("Rp per worker"),
    "kwh_per_unit": gettext_noop("kWh per unit"),
    "m3_per_unit": gettext_noop("m³ per unit"),
    "per_million_hours": gettext_noop("per million hours"),
    "persons": gettext_noop("persons"),
    "ratio": gettext_noop("per worker"),
    "units_per_hour": gettext_noop("units per hour"),
}

FLAGS: Final[Mapping[str, tuple[str, str]]] = {
    "below": (gettext_noop("Lower than is usual, please check"), "attention"),
    "above": (gettext_noop("Higher than is usual, please check"), "attention"),
}

STAGES: Final[Mapping[str, str]] = {
    "baseline": gettext_noop("Baseline assessment"),
    "visit": gettext_noop("Visit"),
    "endline": gettext_noop("Endline assessment"),
    "followup": gettext_noop("Follow-up assessment"),
}

BETTER: Final[Mapping[str, str]] = {
    "up": gettext_noop("More is better"),
    "down": gettext_noop("Less is better"),
    "context": gettext_noop("Neither more nor less is better as such"),
}
