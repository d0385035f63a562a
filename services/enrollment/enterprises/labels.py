"""Says what the codes and fields of enterprises are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop, pgettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "legal_form": pgettext_noop("column", "Legal form"),
    "nib": gettext_noop("NIB"),
    "npwp": gettext_noop("NPWP"),
    "place": gettext_noop("City or regency"),
    "sector": gettext_noop("Sector"),
    "kbli": gettext_noop("KBLI code"),
    "kbli_version": gettext_noop("KBLI version"),
    "size_class": gettext_noop("Size class"),
    "size_basis": gettext_noop("Basis of the size class"),
    "size_source": gettext_noop("Source of the size class"),
    "annual_sales": gettext_noop("Annual sales (rupiah)"),
    "capital": gettext_noop("Capital (rupiah)"),
    "headcount": gettext_noop("Headcount"),
    "women": gettext_noop("Women"),
    "men": gettext_noop("Men"),
    "contact": gettext_noop("Contact"),
    "confirm_distinct": gettext_noop("Why it is no duplicate"),
    "screening": pgettext_noop("column", "Screening"),
    "screened_on": gettext_noop("Screened on"),
    "result": gettext_noop("Result"),
    "reasons": gettext_noop("Reasons"),
    "override": gettext_noop("Override"),
    "commitment": gettext_noop("Commitment"),
    "signed_on": gettext_noop("Signed on"),
    "letter_id": gettext_noop("Letter ID"),
    "enterprise_share_percent": gettext_noop("Share of the enterprise (%)"),
    "plan": gettext_noop("Plan of modules"),
    "journey_id": gettext_noop("Journey ID"),
    "enrolled_on": pgettext_noop("column", "Enrolled on"),
    "graduated_on": gettext_noop("Graduated on"),
    "withdrawal": gettext_noop("Withdrawal"),
    "stage": gettext_noop("Stage"),
    "withdrawn_on": gettext_noop("Withdrawn on"),
    "aliases": gettext_noop("Former registrations"),
    "kept_id": gettext_noop("The registration that is kept"),
    "merged_into": gettext_noop("Merged into"),
    "merge_reason": gettext_noop("Reason for the merger"),
}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "registered": (gettext_noop("To be screened"), "waiting"),
    "eligible": (gettext_noop("May take part"), "active"),
    "ineligible": (gettext_noop("Left out by the criteria"), "attention"),
    "committed": (gettext_noop("Committed"), "active"),
    "enrolled": (gettext_noop("Takes part"), "active"),
    "graduated": (gettext_noop("Graduated"), "done"),
    "withdrawn": (gettext_noop("Left the programme"), "ended"),
    "merged": (gettext_noop("Merged into another"), "ended"),
}

SIZES: Final[Mapping[str, str]] = {
    "micro": gettext_noop("Micro"),
    "small": gettext_noop("Small"),
    "medium": gettext_noop("Medium"),
    "large": gettext_noop("Large"),
}

SIZE_SOURCES: Final[Mapping[str, str]] = {
    "owner_statement": gettext_noop("The owner says so"),
    "financial_statement": gettext_noop("Financial statement"),
    "tax_return": gettext_noop("Tax return"),
    "licence": gettext_noop("Business licence"),
    "other": gettext_noop("Another source"),
}

LEGAL_FORMS: Final[Mapping[str, str]] = {
    "PT": "PT",
    "CV": "CV",
    "UD": "UD",
    "Koperasi": "Koperasi",
    "Firma": "Firma",
    "Yayasan": "Yayasan",
    "perorangan": gettext_noop("Sole proprietor"),
}

DELIVERY_MODES: Final[Mapping[str, str]] = {
    "direct": gettext_noop("Direct, under the programme"),
    "indirect": gettext_noop("Indirect, by the partner alone"),
}

DISTINCT: Final[Mapping[str, str]] = {
    "namesake": gettext_noop("Only the name is the same"),
    "same_owner": gettext_noop("Another enterprise of the same owner"),
    "branch": gettext_noop("A branch with its own management"),
    "other": gettext_noop("Another reason"),
}

MATCHES: Final[Mapping[str, str]] = {
    "nib": gettext_noop("the same NIB"),
    "npwp": gettext_noop("the same NPWP"),
    "phone": gettext_noop("the same phone number"),
    "name": gettext_noop("a like name in the same place"),
}

SCREENING: Final[Mapping[str, str]] = {
    "not_operating": gettext_noop("It is not operating"),
    "no_owner_support": gettext_noop("Its owner does not support the programme"),
    "outside_sectors": gettext_noop("Its sector is not one of the programme's"),
    "unsafe_site": gettext_noop("The site is not safe to visit"),
    "duplicate": gettext_noop("It is registered twice"),
    "other": gettext_noop("Another reason"),
}

SIZE: Final[Mapping[str, str]] = {
    "too_small": gettext_noop("It has too few workers"),
    "too_large": gettext_noop("It has too many workers"),
}

SPEAKS_AGAINST: Final[Mapping[str, str]] = {**SCREENING, **SIZE}

OVERRIDE: Final[Mapping[str, str]] = {
    "partner_agreement": gettext_noop("Agreed with a partner"),
    "cluster_member": gettext_noop("It belongs to a cluster that takes part"),
    "supplier_of_lead_buyer": gettext_noop("It supplies a buyer that takes part"),
    "pilot": gettext_noop("It is part of a pilot"),
    "other": gettext_noop("Another reason"),
}

WITHDRAWAL: Final[Mapping[str, str]] = {
    "no_time": gettext_noop("It has no time"),
    "cost": gettext_noop("The cost is too high"),
    "closed": gettext_noop("It closed down"),
    "not_satisfied": gettext_noop("It is not satisfied"),
    "moved": gettext_noop("It moved away"),
    "other": gettext_noop("Another reason"),
}

STAGES: Final[Mapping[str, str]] = {
    "before_classroom": gettext_noop("before its first classroom"),
    "after_classroom": gettext_noop("after a classroom"),
}

MERGER: Final[Mapping[str, str]] = {
    "registered_twice": gettext_noop("It was registered twice"),
    "taken_over": gettext_noop("One took over the other"),
    "entered_in_error": gettext_noop("It was entered by mistake"),
    "other": gettext_noop("Another reason"),
}

BASES: Final[Mapping[str, str]] = {
    "annual_sales": gettext_noop("Annual sales"),
    "capital": gettext_noop("Capital"),
    "declared": gettext_noop("Stated by the enterprise"),
}

RESULTS: Final[Mapping[str, str]] = {
    "eligible": gettext_noop("May take part"),
    "ineligible": gettext_noop("Does not meet the criteria"),
    "override": gettext_noop("Takes part all the same"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "legal_form": LEGAL_FORMS,
    "size_class": SIZES,
    "size_basis": BASES,
    "size_source": SIZE_SOURCES,
    "delivery_mode": DELIVERY_MODES,
    "state": STATES,
    "screening.result": RESULTS,
    "screening.reasons": SPEAKS_AGAINST,
    "screening.override": OVERRIDE,
    "withdrawal.stage": STAGES,
    "withdrawal.reason": WITHDRAWAL,
    "merge_reason": MERGER,
}
