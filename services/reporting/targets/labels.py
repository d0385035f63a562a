"""Words for the reasons why a target changed."""

from __future__ import annotations

from collections.abc import Mapping

from shared.i18n.language import gettext, gettext_noop

REASONS: Mapping[str, str] = {
    "revision_agreed": gettext_noop("The partners agreed on another number"),
    "programme_extended": gettext_noop("The programme was extended"),
    "corrected": gettext_noop("The number was entered wrongly"),
}

ESTABLISHED = gettext_noop("Set at the start of Phase III")


def reason_text(code: str) -> str:
    return gettext(REASONS.get(code, ESTABLISHED if code == "established" else code))


def reasons() -> list[tuple[str, str]]:
    return [(code, gettext(text)) for code, text in REASONS.items()]
