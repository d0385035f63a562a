"""Says what the states and fields of journeys are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.enrollment.enterprises import labels as enterprises
from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop, pgettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "classroom": pgettext_noop("column", "Classroom"),
    "visits": gettext_noop("Visits"),
    "missing": gettext_noop("Missing"),
    "missing.part": gettext_noop("What is missing"),
    "missing.count": gettext_noop("How many are missing"),
    "missing.detail": gettext_noop("In words"),
    "visit_id": gettext_noop("Visit ID"),
    "visited_on": gettext_noop("Visited on"),
    "completed_on": gettext_noop("Completed on"),
    "lapsed_on": gettext_noop("Lapsed on"),
}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "open": (gettext_noop("Under way"), "active"),
    "completed": (gettext_noop("Completed"), "done"),
    "lapsed": (gettext_noop("Lapsed"), "attention"),
}

PARTS: Final[Mapping[str, str]] = {
    "classroom": pgettext_noop("column", "Classroom"),
    "attendance": gettext_noop("Attendance"),
    "visits": gettext_noop("Visits"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "state": STATES,
    "delivery_mode": enterprises.DELIVERY_MODES,
    "missing.part": PARTS,
}
