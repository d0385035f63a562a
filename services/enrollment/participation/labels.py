"""Says what the reasons are called for which an enterprise takes part or does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

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
