"""Says what the codes and fields of visits are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop
from shared.web.pages.labels import ROLE_NAMES

FIELDS: Final[Mapping[str, str]] = {
    "due_on": gettext_noop("To be made by"),
    "planned_on": gettext_noop("Planned on"),
    "minutes": gettext_noop("Minutes"),
    "report": gettext_noop("Report"),
    "visited_on": gettext_noop("Visited on"),
    "findings": gettext_noop("Findings"),
    "actions": gettext_noop("Actions"),
    "reported_at": gettext_noop("Reported (UTC)"),
    "checklist": gettext_noop("Checklist"),
    "item": gettext_noop("Item"),
    "answer": gettext_noop("Answer"),
    "verb": gettext_noop("Step"),
    "at": gettext_noop("When (UTC)"),
    "role": gettext_noop("By whom"),
    "remarks": gettext_noop("Remarks"),
    "note": gettext_noop("Note"),
    "comment": gettext_noop("Comment"),
    "draft": gettext_noop("Draft"),
    "saved_at": gettext_noop("Saved (UTC)"),
    "confirmation": gettext_noop("Confirmation by the enterprise"),
    "channel": gettext_noop("How the enterprise answered"),
    "answered_at": gettext_noop("Answered (UTC)"),
}

STATES: Mapping[str, tuple[str, str]] = {
    "to_plan": (gettext_noop("To be planned"), "attention"),
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
    "confirm": (gettext_noop("The enterprise confirmed the visit"), "done"),
    "dispute": (gettext_noop("The enterprise says that something is not right"), "problem"),
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

ANSWERS: Mapping[str, str] = {
    "yes": gettext_noop("Yes"),
    "partly": gettext_noop("Partly"),
    "no": gettext_noop("No"),
    "not_applicable": gettext_noop("Does not apply"),
}

CONFIRMATIONS: Mapping[str, tuple[str, str]] = {
    "confirmed": (gettext_noop("Confirmed by the enterprise"), "done"),
    "disputed": (gettext_noop("The enterprise says that something is not right"), "problem"),
}

CHANNELS: Mapping[str, str] = {
    "own": gettext_noop("Answered by itself"),
    "phone": gettext_noop("Answered by phone"),
}

OWN_REASONS: Mapping[str, str] = {"enterprise_withdrawn": gettext_noop("The enterprise left the programme")}

REASONS = {**CHANGE_REASONS, **RETURN_REASONS, **VOID_REASONS, **OWN_REASONS}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "state": STATES,
    "history.verb": HAPPENINGS,
    "answer": ANSWERS,
    "confirmation.answer": CONFIRMATIONS,
    "confirmation.channel": CHANNELS,
    "history.role": ROLE_NAMES,
    "history.reason": REASONS,
}
