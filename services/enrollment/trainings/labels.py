"""Says what the codes and fields of trainings are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.enrollment.enterprises import labels as enterprises
from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop, pgettext_noop
from shared.reference.zones import WIB, WIB_PONTIANAK, WIT, WITA

FIELDS: Final[Mapping[str, str]] = {
    "module_version": gettext_noop("Module version"),
    "days": gettext_noop("Days"),
    "zone": gettext_noop("Time zone"),
    "start_time": gettext_noop("Starts at"),
    "end_time": gettext_noop("Ends at"),
    "venue": pgettext_noop("column", "Venue"),
    "venue_address": gettext_noop("Address of the venue"),
    "capacity": gettext_noop("Capacity"),
    "seats_taken": gettext_noop("Seats taken"),
    "lead_trainer_id": gettext_noop("Lead trainer ID"),
    "co_trainer_ids": gettext_noop("Co-trainer IDs"),
    "supervisor_id": gettext_noop("Supervisor ID"),
    "revision": gettext_noop("Revision"),
    "again": gettext_noop("It completed this module and attends it again"),
    "rosters": gettext_noop("Rosters"),
    "journey_id": gettext_noop("Journey ID"),
    "attended": pgettext_noop("column", "Attended"),
    "position": gettext_noop("Place in the list"),
    "warnings": gettext_noop("Remarks"),
    "waiting.warnings.code": gettext_noop("Code"),
    "waiting.warnings.detail": gettext_noop("In words"),
    "waiting": gettext_noop("Waiting list"),
    "days_without_list": gettext_noop("Days without a list"),
    "participant_ids": gettext_noop("Participants"),
    "presence": gettext_noop("Presence"),
    "conflict_days": gettext_noop("Days without a certificate"),
    "cancellation_reason": gettext_noop("Reason of the cancellation"),
}

STATES: Final[Mapping[str, tuple[str, str]]] = {
    "scheduled": (gettext_noop("Planned"), "waiting"),
    "delivered": (gettext_noop("Delivered"), "done"),
    "cancelled": (gettext_noop("Cancelled"), "ended"),
}

KINDS: Final[Mapping[str, str]] = {
    "regular": gettext_noop("Regular, led by a certified trainer"),
    "supervised": gettext_noop("Supervised, led by a candidate under an expert"),
}

ZONES: Final[Mapping[str, str]] = {
    WIB: "WIB (Jakarta)",
    WIB_PONTIANAK: "WIB (Pontianak)",
    WITA: "WITA (Makassar)",
    WIT: "WIT (Jayapura)",
}

CHANGE: Final[Mapping[str, str]] = {
    "trainer_unavailable": gettext_noop("The trainer cannot come"),
    "venue_unavailable": gettext_noop("The venue cannot be used"),
    "too_few_participants": gettext_noop("Too few people take part"),
    "asked_by_enterprises": gettext_noop("The enterprises asked for it"),
    "other": gettext_noop("Another reason"),
}

REVERSAL_REASONS: Final[Mapping[str, str]] = {
    "wrong_attendance": gettext_noop("The attendance is wrong"),
    "not_held": gettext_noop("The training did not take place"),
    "entered_in_error": gettext_noop("It was entered by mistake"),
    "other": gettext_noop("Another reason"),
}

PLACES: Final[Mapping[str, str]] = {
    "seated": gettext_noop("Has seats"),
    "waiting": gettext_noop("On the waiting list"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "kind": KINDS,
    "zone": ZONES,
    "delivery_mode": enterprises.DELIVERY_MODES,
    "state": STATES,
    "waiting.state": PLACES,
    "cancellation_reason": CHANGE,
}
