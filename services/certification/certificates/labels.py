"""Words for what became of a certificate, and why."""

from __future__ import annotations

from collections.abc import Mapping

from shared.i18n.language import gettext, gettext_noop

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


def reason_text(code: str | None) -> str:
    return gettext(REASONS.get(code, code)) if code else ""
