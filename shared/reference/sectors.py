"""Says which sectors the programme counts enterprises by, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

SECTORS: Final[Mapping[str, str]] = {
    "food_and_beverage": gettext_noop("Food and beverages"),
    "automotive": gettext_noop("Automotive"),
    "metal": gettext_noop("Metal"),
    "handicrafts": gettext_noop("Handicrafts"),
    "garments": gettext_noop("Garments"),
    "other": gettext_noop("Another sector"),
}
