"""Says what the categories and fields of figures are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.reporting.results.metrics import UNKNOWN
from services.reporting.targets import labels as targets
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

SEVERAL: Final[Mapping[str, str]] = {**SECTORS, "other": gettext_noop("Other sectors"), **COUNTED_SEXES}


def name_of(category: str) -> str:
    """Return a province, sector or sex in words; a code without words is shown as it is."""
    if category == UNKNOWN:
        return gettext("Not reported yet")
    return PROVINCES.get(category) or gettext(SEVERAL.get(category) or category)
