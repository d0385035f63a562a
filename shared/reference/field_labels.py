"""Says what the fields, and the codes in them, are called that several services have: in a sheet, in a person's record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop, pgettext_noop
from shared.reference.languages import LANGUAGES
from shared.reference.provinces import PROVINCES
from shared.reference.sectors import SECTORS
from shared.reference.sexes import SEXES

FIELDS: Final[Mapping[str, str]] = {
    "address": gettext_noop("Postal address"),
    "correlation_id": gettext_noop("Story ID"),
    "created_at": gettext_noop("Created (UTC)"),
    "delivered_on": pgettext_noop("column", "Delivered on"),
    "delivery_mode": gettext_noop("Delivery mode"),
    "email": gettext_noop("E-mail"),
    "enterprise_id": gettext_noop("Enterprise ID"),
    "external_id": gettext_noop("Own number"),
    "history": gettext_noop("History"),
    "id": gettext_noop("ID"),
    "institution_id": gettext_noop("Institution ID"),
    "kind": gettext_noop("Kind"),
    "language": gettext_noop("Language"),
    "module": gettext_noop("Module"),
    "name": gettext_noop("Name"),
    "names.en": gettext_noop("Name (English)"),
    "names.id": gettext_noop("Name (Indonesian)"),
    "number": pgettext_noop("column", "Number"),
    "phone": gettext_noop("Phone"),
    "provider_id": gettext_noop("Provider ID"),
    "province": gettext_noop("Province"),
    "provinces": gettext_noop("Provinces of work"),
    "reason": gettext_noop("Reason"),
    "required_visits": gettext_noop("Required visits"),
    "sex": gettext_noop("Sex"),
    "state": gettext_noop("State"),
    "trainer_id": gettext_noop("Trainer ID"),
    "training_id": gettext_noop("Training ID"),
    "updated_at": gettext_noop("Updated (UTC)"),
    "valid_from": pgettext_noop("column", "Valid from"),
    "version": gettext_noop("Version"),
}

CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "currency": {"IDR": gettext_noop("rupiah")},
    "language": LANGUAGES,
    "languages": LANGUAGES,
    "province": PROVINCES,
    "provinces": PROVINCES,
    "sector": SECTORS,
    "sex": SEXES,
}
