"""Says what the categories and fields of figures are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.reporting.results.metrics import UNKNOWN
from services.reporting.targets import labels as targets
from shared.i18n.language import gettext
from shared.kernel.message import gettext_noop
from shared.reference.provinces import PROVINCES

FIELDS: Final[Mapping[str, str]] = {
    **targets.FIELDS,
    "dimension": gettext_noop("Dimension"),
    "category": gettext_noop("Category"),
    "value": gettext_noop("Value"),
    "target": gettext_noop("Target"),
    "as_of": gettext_noop("As of"),
    "lag_seconds": gettext_noop("Lag (seconds)"),
}

SECTORS: Mapping[str, str] = {
    "food_and_beverage": gettext_noop("Food and beverages"),
    "automotive": gettext_noop("Automotive"),
    "metal": gettext_noop("Metal"),
    "handicrafts": gettext_noop("Handicrafts"),
    "garments": gettext_noop("Garments"),
    "other": gettext_noop("Other sectors"),
}

SEXES: Mapping[str, str] = {"female": gettext_noop("Women"), "male": gettext_noop("Men")}


def name_of(category: str) -> str:
    """Return a province, sector or sex in words; a code without words is shown as it is."""
    if category == UNKNOWN:
        return gettext("Not reported yet")
    return PROVINCES.get(category) or gettext(SECTORS.get(category) or SEXES.get(category) or category)
