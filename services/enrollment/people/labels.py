"""Says what the codes and fields of participants and their consents are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop
from shared.reference.languages import LANGUAGES
from shared.reference.sexes import SEXES

FIELDS: Final[Mapping[str, str]] = {
    "role": gettext_noop("Role"),
    "purpose": gettext_noop("Purpose"),
    "purposes": gettext_noop("Purposes"),
    "restricted": gettext_noop("Processing restricted"),
    "hold_reason": gettext_noop("Reason of the hold"),
    "hold_until": gettext_noop("Held until"),
    "consent": gettext_noop("Consent"),
    "text_version": gettext_noop("Text version"),
    "given_by": gettext_noop("Given by"),
    "given_on": gettext_noop("Given on"),
    "recorded_at": gettext_noop("Recorded (UTC)"),
    "withdrawn_at": gettext_noop("Withdrawn (UTC)"),
    "namesake": gettext_noop("Another of the same name"),
    "text.id": gettext_noop("Text (Indonesian)"),
    "text.en": gettext_noop("Text (English)"),
}


ROLES: Final[Mapping[str, str]] = {"manager": gettext_noop("Manager"), "worker": gettext_noop("Worker")}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "active": (gettext_noop("Registered"), "active"),
    "erased": (gettext_noop("Erased"), "ended"),
}

PURPOSES: Final[Mapping[str, str]] = {
    "training": gettext_noop("Training and attendance lists"),
    "contact": gettext_noop("Contact about the training"),
    "follow_up": gettext_noop("Questions after the programme"),
    "publication": gettext_noop("Publication of name or picture"),
}

GIVERS: Final[Mapping[str, str]] = {
    "person": gettext_noop("The person"),
    "enterprise": gettext_noop("The enterprise for the person"),
}

HOLDS: Final[Mapping[str, str]] = {
    "tax_records": gettext_noop("Tax records"),
    "labour_records": gettext_noop("Labour records"),
    "dispute": gettext_noop("A dispute or a lawsuit"),
    "audit": gettext_noop("An audit"),
    "other": gettext_noop("Another legal duty"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "sex": SEXES,
    "role": ROLES,
    "language": LANGUAGES,
    "state": STATES,
    "purposes": PURPOSES,
    "purpose": PURPOSES,
    "given_by": GIVERS,
    "hold_reason": HOLDS,
}
