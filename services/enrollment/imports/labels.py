"""Says what the codes and fields of imports are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.enrollment.enterprises import labels as enterprises
from services.enrollment.institutions import labels as institutions
from services.enrollment.people import labels as people
from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop, pgettext_noop
from shared.reference.languages import LANGUAGES
from shared.reference.provinces import PROVINCES
from shared.reference.sectors import SECTORS
from shared.reference.sexes import SEXES

FIELDS: Final[Mapping[str, str]] = {
    "dry_run": gettext_noop("Dry run"),
    "rows_read": pgettext_noop("column", "Rows read"),
    "made": gettext_noop("Made"),
    "unchanged": gettext_noop("Unchanged"),
    "failed": gettext_noop("Failed"),
    "error_count": gettext_noop("Number of errors"),
    "ended_at": gettext_noop("Ended (UTC)"),
    "enterprise_nib": gettext_noop("NIB of the enterprise"),
}

# what stands in the cells of a closed column, by its field: the words of either language, and the code, are read
CHOICES: Final[Mapping[str, Mapping[str, Label]]] = {
    "kind": institutions.KINDS,
    "language": LANGUAGES,
    "languages": LANGUAGES,
    "contact.language": LANGUAGES,
    "legal_form": enterprises.LEGAL_FORMS,
    "sector": SECTORS,
    "size_class": enterprises.SIZES,
    "size_source": enterprises.SIZE_SOURCES,
    "delivery_mode": enterprises.DELIVERY_MODES,
    "confirm_distinct": enterprises.DISTINCT,
    "sex": SEXES,
    "role": people.ROLES,
    "consent.purposes": people.PURPOSES,
    "consent.given_by": people.GIVERS,
    "province": PROVINCES,
    "provinces": PROVINCES,
}

ALSO_READ: Final[Mapping[str, Mapping[str, str]]] = {
    "sex": {"p": "female", "perempuan": "female", "wanita": "female", "l": "male", "laki-laki": "male", "pria": "male"},
}

# What columns were called in Indonesian in earlier templates, which people still have.
FORMER_HEADINGS: Final[Mapping[str, str]] = {
    "Purposes": "Tujuan persetujuan",
    "Size class": "Kelas ukuran",
    "Source of the size class": "Sumber kelas ukuran",
    "E-mail": "Surel",
    "Provider ID": "ID penyelenggara",
    "Why it is no duplicate": "Alasan bukan duplikat",
}

KINDS: Final[Mapping[str, str]] = {
    "institutions": gettext_noop("Institutions"),
    "enterprises": gettext_noop("Enterprises"),
    "participants": gettext_noop("People of enterprises"),
}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "waiting": (gettext_noop("Waits to be read"), "waiting"),
    "working": (gettext_noop("Is being read"), "active"),
    "done": (gettext_noop("Read to the end"), "done"),
    "failed": (gettext_noop("Broken off"), "problem"),
}
