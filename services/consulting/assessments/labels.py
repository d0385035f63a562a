"""Says what the codes and fields of assessments are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.consulting.readings.labels import FIELDS as READINGS
from services.consulting.readings.labels import PERIODS, QUALITIES, SOURCES
from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop
from shared.web.pages.labels import ROLE_NAMES

FIELDS: Final[Mapping[str, str]] = {
    "kind": gettext_noop("Assessment"),
    "assessed_on": gettext_noop("Assessed on"),
    "practices": gettext_noop("Good practices"),
    "item": gettext_noop("Practice"),
    "points": gettext_noop("Points"),
    "note": gettext_noop("Note"),
    "readings": gettext_noop("Readings"),
    "suggested_modules": gettext_noop("Suggested modules"),
    "notes": gettext_noop("Notes"),
    "draft": gettext_noop("Draft"),
    "saved_at": gettext_noop("Saved (UTC)"),
    "history": gettext_noop("Handed in"),
    "at": gettext_noop("When (UTC)"),
    "role": gettext_noop("By whom"),
    **READINGS,
}

KINDS: Final[Mapping[str, str]] = {
    "baseline": gettext_noop("Baseline assessment"),
    "endline": gettext_noop("Endline assessment"),
    "followup_6": gettext_noop("Follow-up after 6 months"),
    "followup_12": gettext_noop("Follow-up after 12 months"),
}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "open": (gettext_noop("To be made"), "waiting"),
    "completed": (gettext_noop("Entered"), "done"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "kind": KINDS,
    "state": STATES,
    "draft.readings.quality": QUALITIES,
    "draft.readings.period": PERIODS,
    "draft.readings.source": SOURCES,
    "history.role": ROLE_NAMES,
}

POINTS: Final[Mapping[int, str]] = {
    3: gettext_noop("Good"),
    2: gettext_noop("Sufficient"),
    1: gettext_noop("Low"),
}
