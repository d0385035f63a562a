"""Says what the codes and fields of requests about personal data are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.enrollment.people import labels as people
from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop, pgettext_noop
from shared.web.pages.labels import ROLE_NAMES

FIELDS: Final[Mapping[str, str]] = {
    "purposes": people.FIELDS["purposes"],
    "participant_id": gettext_noop("Participant ID"),
    "channel": gettext_noop("Channel"),
    "until": gettext_noop("Until"),
    "received_at": gettext_noop("Received (UTC)"),
    "due_at": gettext_noop("Due (UTC)"),
    "overdue": pgettext_noop("column", "Overdue"),
    "closed_at": gettext_noop("Closed (UTC)"),
}

KINDS: Final[Mapping[str, str]] = {
    "withdrawal": gettext_noop("Withdrawal of consent"),
    "restriction": gettext_noop("Restriction of use"),
    "correction": gettext_noop("Correction"),
    "access": gettext_noop("Access to the record"),
    "erasure": gettext_noop("Erasure"),
}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "open": (gettext_noop("Open"), "waiting"),
    "done": (gettext_noop("Done"), "done"),
    "refused": (gettext_noop("Refused"), "ended"),
}

CHANNELS: Final[Mapping[str, str]] = {
    "in_person": gettext_noop("In person"),
    "letter": gettext_noop("Letter"),
    "email": gettext_noop("E-mail"),
    "phone": gettext_noop("Phone"),
    "other": gettext_noop("Another way"),
}

REFUSALS: Final[Mapping[str, str]] = {
    "not_the_person": gettext_noop("Whoever asked is not the person"),
    "legal_duty": gettext_noop("A law requires the data to be kept"),
    "unfounded": gettext_noop("The request has no ground in the law"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "kind": KINDS,
    "channel": CHANNELS,
    "purposes": people.PURPOSES,
    "reason": REFUSALS,
    "state": STATES,
}

READERS: Final[Mapping[str, str]] = {
    "at": gettext_noop("When"),
    "role": gettext_noop("Opened by"),
    "action": gettext_noop("Action"),
    "outcome": gettext_noop("Result"),
}

OUTCOMES: Final[Mapping[str, str]] = {
    "allowed": gettext_noop("Shown"),
    "forbidden": gettext_noop("Refused"),
    "not_found": gettext_noop("Not found"),
}

READER_CODES: Final[Mapping[str, Mapping[str, Label]]] = {"role": ROLE_NAMES, "outcome": OUTCOMES}
