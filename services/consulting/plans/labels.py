"""Says what the codes and fields of improvement plans are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop
from shared.web.pages.labels import ROLE_NAMES

FIELDS: Final[Mapping[str, str]] = {
    "team": gettext_noop("Improvement team"),
    "managers": gettext_noop("Managers"),
    "workers": gettext_noop("Workers"),
    "women": gettext_noop("Women"),
    "men": gettext_noop("Men"),
    "rhythm": gettext_noop("How often it meets"),
    "formed_on": gettext_noop("Formed on"),
    "next_due_on": gettext_noop("Next due"),
    "role": gettext_noop("By whom"),
    "entered_at": gettext_noop("Entered (UTC)"),
    "amount": gettext_noop("Amount"),
    "currency": gettext_noop("Currency"),
    "actions": gettext_noop("Actions"),
    "theme": gettext_noop("Theme"),
    "text": gettext_noop("What is to be done"),
    "owner_role": gettext_noop("Who sees to it"),
    "due_on": gettext_noop("To be done by"),
    "cost": gettext_noop("Expected cost"),
    "effect": gettext_noop("Expected effect"),
    "completed_on": gettext_noop("Completed on"),
    "saving": gettext_noop("Saving in a year"),
    "basis": gettext_noop("How the saving was found"),
    "approvals": gettext_noop("Approvals"),
    "party": gettext_noop("Who approves"),
    "approved_on": gettext_noop("Approved on"),
}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "draft": (gettext_noop("To be approved"), "waiting"),
    "approved": (gettext_noop("Approved"), "done"),
}

ACTION_STATES: Final[Mapping[str, tuple[str, str]]] = {
    "open": (gettext_noop("Still to be done"), "waiting"),
    "completed": (gettext_noop("Completed"), "done"),
    "dropped": (gettext_noop("Dropped"), "ended"),
}

THEMES: Final[Mapping[str, str]] = {
    "cooperation": gettext_noop("Cooperation at work"),
    "order": gettext_noop("Order at the workplace (5S)"),
    "quality": gettext_noop("Quality"),
    "clean_production": gettext_noop("Productivity and cleaner production"),
    "people": gettext_noop("People and their working conditions"),
    "safety": gettext_noop("Safety and health"),
    "other": gettext_noop("Another theme"),
}

OWNERS: Final[Mapping[str, str]] = {
    "owner": gettext_noop("The owner"),
    "manager": gettext_noop("A manager"),
    "supervisor": gettext_noop("A supervisor"),
    "workers": gettext_noop("Workers' representatives"),
    "team": gettext_noop("The improvement team"),
}

RHYTHMS: Final[Mapping[str, str]] = {
    "daily": gettext_noop("Every day"),
    "weekly": gettext_noop("Every week"),
    "fortnightly": gettext_noop("Every two weeks"),
    "monthly": gettext_noop("Every month"),
}

PARTIES: Final[Mapping[str, str]] = {
    "owner": gettext_noop("The owner"),
    "workers": gettext_noop("Workers' representatives"),
}

BASES: Final[Mapping[str, str]] = {
    "measured": gettext_noop("Measured before and after"),
    "records": gettext_noop("From the books or bills"),
    "estimated": gettext_noop("Estimated"),
}
CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "state": STATES,
    "rhythm": RHYTHMS,
    "theme": THEMES,
    "owner_role": OWNERS,
    "actions.state": ACTION_STATES,
    "basis": BASES,
    "party": PARTIES,
    "approvals.role": ROLE_NAMES,
}
VERIFIED: Final = frozenset({"measured", "records"})
"""How a saving was found that counts as verified (domain.md 5.2, SAVINGS)."""
