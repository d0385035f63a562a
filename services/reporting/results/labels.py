"""Says what the categories and fields of figures are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.reporting.results.metrics import UNKNOWN, WITHHELD
from services.reporting.targets import labels as targets
from shared.i18n.labels import Label
from shared.i18n.language import gettext
from shared.kernel.message import gettext_noop
from shared.reference.provinces import PROVINCES
from shared.reference.sectors import SECTORS
from shared.reference.sexes import COUNTED_SEXES

FIELDS: Final[Mapping[str, str]] = {
    **targets.FIELDS,
    "dimension": gettext_noop("Dimension"),
    "category": gettext_noop("Category"),
    "value": gettext_noop("Value"),
    "target": gettext_noop("Target"),
    "as_of": gettext_noop("As of"),
    "lag_seconds": gettext_noop("Lag (seconds)"),
}

DIMENSIONS: Final[Mapping[str, str]] = {
    "province": gettext_noop("Province"),
    "sector": gettext_noop("Sector"),
    "sex": gettext_noop("Sex"),
}

SEVERAL: Final[Mapping[str, str]] = {**SECTORS, "other": gettext_noop("Other sectors"), **COUNTED_SEXES}

CATEGORIES: Final[Mapping[str, str]] = {
    **PROVINCES,
    **SEVERAL,
    UNKNOWN: gettext_noop("Not reported yet"),
    WITHHELD: gettext_noop("Held back, since it is so few"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "dimension": DIMENSIONS,
    "category": CATEGORIES,
    "unit": targets.UNITS,
    "comparator": targets.COMPARATORS,
}


def name_of(category: str) -> str:
    """Return a province, sector or sex in words; a code without words is shown as it is."""
    return gettext(CATEGORIES.get(category) or category)
