"""Words for the codes that the pages of visits show and offer. A code without words is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping

from shared.i18n.language import gettext, gettext_noop

STATES: Mapping[str, tuple[str, str]] = {
    "scheduled": (gettext_noop("Planned"), "waiting"),
    "reported": (gettext_noop("Waiting for review"), "active"),
    "returned": (gettext_noop("Returned to the trainer"), "attention"),
    "accepted": (gettext_noop("Accepted, counts"), "done"),
    "cancelled": (gettext_noop("Called off"), "ended"),
    "voided": (gettext_noop("Void, does not count"), "problem"),
}

HAPPENINGS: Mapping[str, tuple[str, str]] = {
    "schedule": (gettext_noop("Visit planned"), "done"),
    "reschedule": (gettext_noop("Visit moved"), "done"),
    "cancel": (gettext_noop("Visit called off"), "ended"),
    "report": (gettext_noop("Report handed in"), "done"),
    "accept": (gettext_noop("Report accepted"), "done"),
    "return": (gettext_noop("Report returned"), "attention"),
    "void": (gettext_noop("Visit declared void"), "problem"),
}

CHANGE_REASONS: Mapping[str, str] = {
    "enterprise_unavailable": gettext_noop("The enterprise cannot receive the visit"),
    "trainer_unavailable": gettext_noop("The trainer cannot come"),
    "entered_in_error": gettext_noop("It was entered by mistake"),
    "other": gettext_noop("Another reason"),
}

RETURN_REASONS: Mapping[str, str] = {
    "incomplete": gettext_noop("Something is missing"),
    "unclear": gettext_noop("Findings or actions are not clear"),
    "wrong_date": gettext_noop("The day or the length is wrong"),
    "other": gettext_noop("Another reason"),
}

VOID_REASONS: Mapping[str, str] = {
    "did_not_take_place": gettext_noop("The visit did not take place"),
    "reported_twice": gettext_noop("The visit was reported twice"),
    "wrong_enterprise": gettext_noop("It belongs to another enterprise or module"),
    "other": gettext_noop("Another reason"),
}

OWN_REASONS: Mapping[str, str] = {"enterprise_withdrawn": gettext_noop("The enterprise left the programme")}

REASONS = {**CHANGE_REASONS, **RETURN_REASONS, **VOID_REASONS, **OWN_REASONS}


def options(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a choice offers: each code with its words in the visitor's language."""
    return [(code, gettext(text)) for code, text in words.items()]


def reason_text(code: str | None) -> str:
    return gettext(REASONS.get(code, code)) if code else ""
