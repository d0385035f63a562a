"""Words for the codes that enrollment's pages show and offer. A code without words is shown as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.enrollment import reasons
from shared.i18n.language import gettext, gettext_noop
from shared.reference.provinces import PROVINCES
from shared.web.pages.labels import SERVICE_NAMES

ENTERPRISE_STATES: Mapping[str, tuple[str, str]] = {
    "registered": (gettext_noop("To be screened"), "waiting"),
    "eligible": (gettext_noop("May take part"), "active"),
    "ineligible": (gettext_noop("Left out by the criteria"), "attention"),
    "committed": (gettext_noop("Committed"), "active"),
    "enrolled": (gettext_noop("Takes part"), "active"),
    "graduated": (gettext_noop("Graduated"), "done"),
    "withdrawn": (gettext_noop("Left the programme"), "ended"),
    "merged": (gettext_noop("Merged into another"), "ended"),
}

TRAINING_STATES: Mapping[str, tuple[str, str]] = {
    "scheduled": (gettext_noop("Planned"), "waiting"),
    "delivered": (gettext_noop("Delivered"), "done"),
    "cancelled": (gettext_noop("Cancelled"), "ended"),
}

JOURNEY_STATES: Mapping[str, tuple[str, str]] = {
    "open": (gettext_noop("Under way"), "active"),
    "completed": (gettext_noop("Completed"), "done"),
    "lapsed": (gettext_noop("Lapsed"), "attention"),
}

INSTITUTION_STATES: Mapping[str, tuple[str, str]] = {
    "active": (gettext_noop("Active"), "done"),
    "suspended": (gettext_noop("Suspended"), "attention"),
}

INSTITUTION_KINDS: Mapping[str, str] = {
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

CONTACT_ROLES: Mapping[str, str] = {
    "contact": gettext_noop("Contact"),
    "billing": gettext_noop("Invoices"),
    "approver": gettext_noop("Approvals"),
}

IMPORT_KINDS: Mapping[str, str] = {
    "institutions": gettext_noop("Institutions"),
    "enterprises": gettext_noop("Enterprises"),
    "participants": gettext_noop("People of enterprises"),
}

IMPORT_STATES: Mapping[str, tuple[str, str]] = {
    "waiting": (gettext_noop("Waits to be read"), "waiting"),
    "working": (gettext_noop("Is being read"), "active"),
    "done": (gettext_noop("Read to the end"), "done"),
    "failed": (gettext_noop("Broken off"), "problem"),
}

SECTORS: Mapping[str, str] = {
    "food_and_beverage": gettext_noop("Food and beverages"),
    "automotive": gettext_noop("Automotive"),
    "metal": gettext_noop("Metal"),
    "handicrafts": gettext_noop("Handicrafts"),
    "garments": gettext_noop("Garments"),
    "other": gettext_noop("Another sector"),
}

SIZES: Mapping[str, str] = {
    "micro": gettext_noop("Micro"),
    "small": gettext_noop("Small"),
    "medium": gettext_noop("Medium"),
    "large": gettext_noop("Large"),
}

LEGAL_FORMS: Mapping[str, str] = {
    "PT": "PT",
    "CV": "CV",
    "UD": "UD",
    "Koperasi": "Koperasi",
    "Firma": "Firma",
    "Yayasan": "Yayasan",
    "perorangan": gettext_noop("Sole proprietor"),
}

DELIVERY_MODES: Mapping[str, str] = {
    "direct": gettext_noop("Direct, under the programme"),
    "indirect": gettext_noop("Indirect, by the partner alone"),
}

LANGUAGES: Mapping[str, str] = {"id": gettext_noop("Indonesian"), "en": gettext_noop("English")}

ZONES: Mapping[str, str] = {
    "Asia/Jakarta": "WIB (Jakarta)",
    "Asia/Pontianak": "WIB (Pontianak)",
    "Asia/Makassar": "WITA (Makassar)",
    "Asia/Jayapura": "WIT (Jayapura)",
}

SUSPENSION_REASONS: Mapping[str, str] = {
    "agreement_ended": gettext_noop("The agreement with the programme ended"),
    "rules_broken": gettext_noop("The programme's rules were broken"),
    "inactive": gettext_noop("The institution no longer takes part"),
    "other": gettext_noop("Another reason"),
}

REVERSAL_REASONS: Mapping[str, str] = {
    "wrong_attendance": gettext_noop("The attendance is wrong"),
    "not_held": gettext_noop("The training did not take place"),
    "entered_in_error": gettext_noop("It was entered by mistake"),
    "other": gettext_noop("Another reason"),
}


REASONS: Mapping[str, str] = {
    **reasons.SCREENING,
    **reasons.SIZE,
    **reasons.OVERRIDE,
    **reasons.WITHDRAWAL,
    **reasons.CHANGE,
}


TRAINING_KINDS: Mapping[str, str] = {
    "regular": gettext_noop("Regular, led by a certified trainer"),
    "supervised": gettext_noop("Supervised, led by a candidate under an expert"),
}

MARKS: Mapping[str, str] = {
    "5": gettext_noop("5, very much"),
    "4": gettext_noop("4, mostly"),
    "3": gettext_noop("3, partly"),
    "2": gettext_noop("2, hardly"),
    "1": gettext_noop("1, not at all"),
}


def options(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a choice offers: each code with its words in the visitor's language."""
    return [(code, gettext(text)) for code, text in words.items()]


def matches(codes: Iterable[str]) -> str:
    """By what two enterprises resemble each other."""
    return ", ".join(said(reasons.MATCHES, code) for code in codes)


def contact_roles(codes: Iterable[str]) -> str:
    return ", ".join(said(CONTACT_ROLES, code) for code in codes)


def states(words: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(code, gettext(text)) for code, (text, _kind) in words.items()]


def said(words: Mapping[str, str], code: str | None) -> str:
    return gettext(words.get(code, code)) if code else ""


def service(name: str) -> str:
    return gettext(SERVICE_NAMES.get(name, name))


def province(code: str) -> str:
    return PROVINCES.get(code, code)


def provinces() -> list[tuple[str, str]]:
    return list(PROVINCES.items())
