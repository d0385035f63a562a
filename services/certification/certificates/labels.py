"""Says what the states, reasons and fields of certificates are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "valid_to": gettext_noop("Valid to"),
    "historic": gettext_noop("Historic"),
    "document_reference": gettext_noop("Document reference"),
    "standing": gettext_noop("Standing"),
    "effective_on": gettext_noop("Effective on"),
}

STATUSES: Mapping[str, tuple[str, str]] = {
    "valid": (gettext_noop("Valid"), "done"),
    "expired": (gettext_noop("Expired"), "ended"),
    "suspended": (gettext_noop("Suspended"), "attention"),
    "revoked": (gettext_noop("Revoked"), "problem"),
}

REASONS: Mapping[str, str] = {
    "quality": gettext_noop("The quality of training is not good enough"),
    "inactive": gettext_noop("The trainer no longer teaches"),
    "misconduct": gettext_noop("The trainer broke the programme's rules"),
    "granted_in_error": gettext_noop("The certificate was granted by mistake"),
    "other": gettext_noop("Another reason"),
}
