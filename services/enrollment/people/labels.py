"""Words for what is recorded about people: roles, consent, requests about their data."""

from __future__ import annotations

from collections.abc import Mapping

from shared.i18n.language import gettext_noop

SEXES: Mapping[str, str] = {"female": gettext_noop("Woman"), "male": gettext_noop("Man")}
ROLES: Mapping[str, str] = {"manager": gettext_noop("Manager"), "worker": gettext_noop("Worker")}
STATES: Mapping[str, tuple[str, str]] = {
    "active": (gettext_noop("Registered"), "active"),
    "erased": (gettext_noop("Erased"), "ended"),
}
PURPOSES: Mapping[str, str] = {
    "training": gettext_noop("Training and attendance lists"),
    "contact": gettext_noop("Contact about the training"),
    "follow_up": gettext_noop("Questions after the programme"),
    "publication": gettext_noop("Publication of name or picture"),
}
GIVERS: Mapping[str, str] = {
    "person": gettext_noop("The person"),
    "enterprise": gettext_noop("The enterprise for the person"),
}
REQUESTS: Mapping[str, str] = {
    "withdrawal": gettext_noop("Withdrawal of consent"),
    "restriction": gettext_noop("Restriction of use"),
    "correction": gettext_noop("Correction"),
    "access": gettext_noop("Access to the record"),
    "erasure": gettext_noop("Erasure"),
}
REQUEST_STATES: Mapping[str, tuple[str, str]] = {
    "open": (gettext_noop("Open"), "waiting"),
    "done": (gettext_noop("Done"), "done"),
    "refused": (gettext_noop("Refused"), "ended"),
}
CHANNELS: Mapping[str, str] = {
    "in_person": gettext_noop("In person"),
    "letter": gettext_noop("Letter"),
    "email": gettext_noop("E-mail"),
    "phone": gettext_noop("Phone"),
    "other": gettext_noop("Another way"),
}
HOLDS: Mapping[str, str] = {
    "tax_records": gettext_noop("Tax records"),
    "labour_records": gettext_noop("Labour records"),
    "dispute": gettext_noop("A dispute or a lawsuit"),
    "audit": gettext_noop("An audit"),
    "other": gettext_noop("Another legal duty"),
}
REFUSALS: Mapping[str, str] = {
    "not_the_person": gettext_noop("Whoever asked is not the person"),
    "legal_duty": gettext_noop("A law requires the data to be kept"),
    "unfounded": gettext_noop("The request has no ground in the law"),
}
