"""Says what the codes and fields of imports are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop, pgettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "dry_run": gettext_noop("Dry run"),
    "rows_read": pgettext_noop("column", "Rows read"),
    "made": gettext_noop("Made"),
    "unchanged": gettext_noop("Unchanged"),
    "failed": gettext_noop("Failed"),
    "error_count": gettext_noop("Number of errors"),
    "ended_at": gettext_noop("Ended (UTC)"),
    "enterprise_nib": gettext_noop("NIB of the enterprise"),
}

KINDS: Final[Mapping[str, str]] = {
    "institutions": gettext_noop("Institutions"),
    "enterprises": gettext_noop("Enterprises"),
    "participants": gettext_noop("People of enterprises"),
}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "waiting": (gettext_noop("Waits to be read"), "waiting"),
    "working": (gettext_noop("Is being read"), "active"),
    "done": (gettext_noop("Read to the end"), "done"),
    "failed": (gettext_noop("Broken off"), "problem"),
}
