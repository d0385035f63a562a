"""Says what the codes and fields of institutions are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "languages": gettext_noop("Languages"),
}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "active": (gettext_noop("Active"), "done"),
    "suspended": (gettext_noop("Suspended"), "attention"),
}

KINDS: Final[Mapping[str, str]] = {
    "private_provider": gettext_noop("Private training provider"),
    "government_centre": gettext_noop("Government training centre"),
    "university": gettext_noop("University"),
    "foundation": gettext_noop("Foundation or other non-governmental organisation"),
    "ministry": gettext_noop("Ministry"),
    "employers_organisation": gettext_noop("Employers' organisation"),
    "trade_union": gettext_noop("Trade union"),
    "sponsor": gettext_noop("Sponsor"),
    "other": gettext_noop("Another kind"),
}

CONTACT_ROLES: Final[Mapping[str, str]] = {
    "contact": gettext_noop("Contact"),
    "billing": gettext_noop("Invoices"),
    "approver": gettext_noop("Approvals"),
}

SUSPENSION_REASONS: Final[Mapping[str, str]] = {
    "agreement_ended": gettext_noop("The agreement with the programme ended"),
    "rules_broken": gettext_noop("The programme's rules were broken"),
    "inactive": gettext_noop("The institution no longer takes part"),
    "other": gettext_noop("Another reason"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "kind": KINDS,
    "state": STATES,
}
