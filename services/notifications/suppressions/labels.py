"""Says what the codes and fields of refused addresses are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "recipient_id": gettext_noop("Recipient ID"),
    "reason": gettext_noop("Reason"),
}
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "active": (gettext_noop("Needs another address"), "attention"),
    "lifted": (gettext_noop("Works again"), "done"),
    "replaced": (gettext_noop("Another address was entered"), "done"),
    "forgotten": (gettext_noop("Recipient erased"), "ended"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "state": STATES,
}
