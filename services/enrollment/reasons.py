"""Words for the reasons that enrollment's forms offer and its pages show."""

from __future__ import annotations

from collections.abc import Mapping

from shared.i18n.language import gettext_noop

OTHER = gettext_noop("Another reason")

DISTINCT: Mapping[str, str] = {
    "namesake": gettext_noop("Only the name is the same"),
    "same_owner": gettext_noop("Another enterprise of the same owner"),
    "branch": gettext_noop("A branch with its own management"),
    "other": OTHER,
}

SCREENING: Mapping[str, str] = {
    "not_operating": gettext_noop("It is not operating"),
    "no_owner_support": gettext_noop("Its owner does not support the programme"),
    "outside_sectors": gettext_noop("Its sector is not one of the programme's"),
    "unsafe_site": gettext_noop("The site is not safe to visit"),
    "duplicate": gettext_noop("It is registered twice"),
    "other": OTHER,
}

SIZE: Mapping[str, str] = {
    "too_small": gettext_noop("It has too few workers"),
    "too_large": gettext_noop("It has too many workers"),
}

SIZE_SOURCES: Mapping[str, str] = {
    "owner_statement": gettext_noop("The owner says so"),
    "financial_statement": gettext_noop("Financial statement"),
    "tax_return": gettext_noop("Tax return"),
    "licence": gettext_noop("Business licence"),
    "other": gettext_noop("Another source"),
}

OVERRIDE: Mapping[str, str] = {
    "partner_agreement": gettext_noop("Agreed with a partner"),
    "cluster_member": gettext_noop("It belongs to a cluster that takes part"),
    "supplier_of_lead_buyer": gettext_noop("It supplies a buyer that takes part"),
    "pilot": gettext_noop("It is part of a pilot"),
    "other": OTHER,
}

WITHDRAWAL: Mapping[str, str] = {
    "no_time": gettext_noop("It has no time"),
    "cost": gettext_noop("The cost is too high"),
    "closed": gettext_noop("It closed down"),
    "not_satisfied": gettext_noop("It is not satisfied"),
    "moved": gettext_noop("It moved away"),
    "other": OTHER,
}

MERGER: Mapping[str, str] = {
    "registered_twice": gettext_noop("It was registered twice"),
    "taken_over": gettext_noop("One took over the other"),
    "entered_in_error": gettext_noop("It was entered by mistake"),
    "other": OTHER,
}

STAGES: Mapping[str, str] = {
    "before_classroom": gettext_noop("before its first classroom"),
    "after_classroom": gettext_noop("after a classroom"),
}

CHANGE: Mapping[str, str] = {
    "trainer_unavailable": gettext_noop("The trainer cannot come"),
    "venue_unavailable": gettext_noop("The venue cannot be used"),
    "too_few_participants": gettext_noop("Too few people take part"),
    "asked_by_enterprises": gettext_noop("The enterprises asked for it"),
    "other": OTHER,
}

MATCHES: Mapping[str, str] = {
    "nib": gettext_noop("the same NIB"),
    "npwp": gettext_noop("the same NPWP"),
    "phone": gettext_noop("the same phone number"),
    "name": gettext_noop("a like name in the same place"),
}
