"""Words for the codes that certification's pages show and offer. A code without words is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping

from shared.web.pages import gettext, gettext_noop

STATUSES: Mapping[str, tuple[str, str]] = {
    "valid": (gettext_noop("Valid"), "done"),
    "expired": (gettext_noop("Expired"), "ended"),
    "suspended": (gettext_noop("Suspended"), "attention"),
    "revoked": (gettext_noop("Revoked"), "problem"),
}

KINDS: Mapping[str, str] = {
    "provider": gettext_noop("Trainer of a private provider"),
    "government": gettext_noop("Instructor of a government training centre"),
    "ministry": gettext_noop("Official of a ministry"),
    "university": gettext_noop("Lecturer of a university"),
    "employers_organisation": gettext_noop("Trainer of an employers' organisation"),
    "trade_union": gettext_noop("Trainer of a trade union"),
    "freelance": gettext_noop("Freelance trainer"),
}

SEXES: Mapping[str, str] = {"female": gettext_noop("Female"), "male": gettext_noop("Male")}

LANGUAGES: Mapping[str, str] = {"id": gettext_noop("Indonesian"), "en": gettext_noop("English")}

REASONS: Mapping[str, str] = {
    "quality": gettext_noop("The quality of training is not good enough"),
    "inactive": gettext_noop("The trainer no longer teaches"),
    "misconduct": gettext_noop("The trainer broke the programme's rules"),
    "granted_in_error": gettext_noop("The certificate was granted by mistake"),
    "other": gettext_noop("Another reason"),
}


def options(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a choice offers: each code with its words in the visitor's language."""
    return [(code, gettext(text)) for code, text in words.items()]


def reason_text(code: str | None) -> str:
    return gettext(REASONS.get(code, code)) if code else ""
