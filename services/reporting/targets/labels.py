"""Says what the fields of targets and the reasons for a change are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop, pgettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "code": gettext_noop("Code"),
    "position": gettext_noop("Position"),
    "unit": gettext_noop("Unit"),
    "comparator": gettext_noop("Comparator"),
    "due": pgettext_noop("column", "Due"),
    "note.id": gettext_noop("Note (Indonesian)"),
    "note.en": gettext_noop("Note (English)"),
}

COMPARATORS: Final[Mapping[str, str]] = {
    "equal_to": gettext_noop("this number"),
    "at_least": gettext_noop("at least this number"),
}

UNITS: Final[Mapping[str, str]] = {
    "cases": gettext_noop("cases"),
    "enterprises": gettext_noop("enterprises"),
    "milestone": gettext_noop("milestone"),
    "multinationals": gettext_noop("multinationals"),
    "partnership": gettext_noop("partnership"),
    "percent": gettext_noop("per cent"),
    "providers": gettext_noop("providers"),
    "system": gettext_noop("system"),
    "trainers": gettext_noop("trainers"),
}

CHANGE_REASONS: Final[Mapping[str, str]] = {
    "revision_agreed": gettext_noop("The partners agreed on another number"),
    "programme_extended": gettext_noop("The programme was extended"),
    "corrected": gettext_noop("The number was entered wrongly"),
}

REASONS: Final[Mapping[str, str]] = {"established": gettext_noop("Set at the start of Phase III"), **CHANGE_REASONS}
