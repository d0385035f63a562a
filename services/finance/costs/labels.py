"""Says what the codes and fields of costs are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop, pgettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "category": gettext_noop("Kind of cost"),
    "amount": gettext_noop("Cost without tax"),
    "amount.amount": pgettext_noop("column", "Amount"),
    "amount.currency": gettext_noop("Currency"),
    "in_kind": gettext_noop("Given in kind"),
    "funded_by": gettext_noop("Borne by"),
    "incurred_on": gettext_noop("Incurred on"),
    "period": gettext_noop("Month in the books"),
    "description": gettext_noop("What it was for"),
    "reversed_on": gettext_noop("Taken back on"),
    "reversal_reason": gettext_noop("Why it was taken back"),
    "reason": gettext_noop("Reason"),
}

# the categories and funders of reference/domain.md, section 4.3
CATEGORIES: Mapping[str, str] = {
    "trainer_fee": gettext_noop("Trainers' fees"),
    "travel": gettext_noop("Travel and per diem"),
    "venue": gettext_noop("Venue of the classroom"),
    "meals": gettext_noop("Meals"),
    "materials": gettext_noop("Printing and materials"),
    "translation": gettext_noop("Translation"),
    "transport": gettext_noop("Participants' transport"),
    "closing": gettext_noop("Certificates and closing event"),
    "overhead": gettext_noop("The provider's overhead"),
    "other": gettext_noop("Another cost"),
}

FUNDERS: Mapping[str, str] = {
    "non_ilo": gettext_noop("Others than the ILO"),
    "ilo": gettext_noop("The ILO"),
}

STATES: Mapping[str, tuple[str, str]] = {
    "booked": (gettext_noop("Booked"), "done"),
    "reversed": (gettext_noop("Taken back"), "ended"),
}

REASONS: Mapping[str, str] = {
    "wrong_amount": gettext_noop("The amount or the day is wrong"),
    "wrong_attribution": gettext_noop("The module, the institution or the kind is wrong"),
    "twice": gettext_noop("It was recorded twice"),
    "refunded": gettext_noop("The money was paid back"),
    "other": gettext_noop("Another reason"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "state": STATES,
    "category": CATEGORIES,
    "funded_by": FUNDERS,
    "reversal_reason": REASONS,
}
