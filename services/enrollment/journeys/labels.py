"""Says what the states and fields of journeys are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop, pgettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "classroom": pgettext_noop("column", "Classroom"),
    "visits": gettext_noop("Visits"),
    "missing": gettext_noop("Missing"),
    "completed_on": gettext_noop("Completed on"),
    "lapsed_on": gettext_noop("Lapsed on"),
}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "open": (gettext_noop("Under way"), "active"),
    "completed": (gettext_noop("Completed"), "done"),
    "lapsed": (gettext_noop("Lapsed"), "attention"),
}
