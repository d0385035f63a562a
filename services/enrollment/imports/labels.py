"""Says what the codes and fields of imports are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.enrollment.enterprises import labels as enterprises
from services.enrollment.institutions import labels as institutions
from services.enrollment.people import labels as people
from shared.i18n.labels import Label
from shared.kernel.message import Message, gettext_noop, pgettext_noop
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

# what is wrong with a file, its headings or a cell
WORDS: Final[Mapping[str, Message]] = {
    "not-xlsx": Message("This XLSX file cannot be read. Save it as .xlsx without a password."),
    "unpacks-too-large": Message("The XLSX file is too large when opened. Divide it into several."),
    "not-utf8-csv": Message("The CSV file is not UTF-8. Save it as CSV UTF-8."),
    "not-csv": Message("This line of the CSV file cannot be read. Save the sheet as CSV again."),
    "no-rows": Message("The file has no rows. Fill it in and send it again."),
    "too-many-rows": Message("The file has too many rows; divide it into several."),
    "unknown-column": Message("Not known as a column: %(columns)s. Take the headings of the template."),
    "column-twice": Message("There twice: %(columns)s. Delete one column of each."),
    "column-missing": Message("Missing columns: %(columns)s. Add them as in the template."),
    "other-kind": Message("This looks like a sheet of another kind: %(kind)s. Choose that kind, or another file."),
    "formula": Message("The cell holds a formula. Paste its result as a value."),
    "error-value": Message("The cell holds an error such as #N/A. Write the value."),
    "cell-too-long": Message("The text in the cell is too long. Shorten it."),
    "digits-lost": Message(
        "Numbers of more than 15 digits are not kept whole. Format the column as text and type it again."
    ),
    "zeros-lost": Message(
        "It was kept as a number, so zeros at its start may be lost. Format the column as text and type it again."
    ),
    "date-as-number": Message(
        "The date was kept as a number. Format the column as a date or write it like 28-11-2026."
    ),
    "beyond-the-columns": Message("This cell has no heading above it. Delete it, or add the heading."),
    "given-up": Message(
        "The rows after this one could not be worked off, though it was tried several times. Send the file once more."
    ),
    "row-differs": Message("This row was imported before with other content. Correct the entry itself, not by import."),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "kind": KINDS,
    "state": STATES,
}
