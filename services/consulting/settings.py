"""The settings that the programme may choose about consulting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from shared.kernel import clock
from shared.kernel.settings.declaration import GATE, POSITIVE, load, setting
from shared.reference.zones import WIB


@dataclass(frozen=True, slots=True)
class ConsultingSettings:
    entitlement_gate: str = setting(
        "SCORE_GATE_VISITING_TRAINER",
        "on",
        "A visit needs a trainer with a certificate for the module on its day, or authorised under an expert",
        check=GATE,
    )
    classroom_gate: str = setting(
        "SCORE_GATE_VISIT_CLASSROOM",
        "on",
        "A visit of a module needs an enterprise that was in its classroom, and a day that is not before it",
        check=GATE,
    )
    confirmation_gate: str = setting(
        "SCORE_GATE_VISIT_CONFIRMATION",
        "warn",
        "A report is accepted once the enterprise has confirmed that the visit took place",
        check=GATE,
    )
    visit_minutes: int = setting(
        "SCORE_VISIT_MINUTES", 120, "Planned length of a visit where none is given", check=POSITIVE
    )
    visit_interval_days: int = setting(
        "SCORE_VISIT_INTERVAL_DAYS",
        28,
        "Days after the classroom, and after each visit before it, by which a required visit is due",
        check=POSITIVE,
    )
    map_address: str = setting(
        "SCORE_MAP_ADDRESS",
        "https://www.openstreetmap.org/search?query={}",
        "Where a trainer finds the way to an enterprise; {} is its address, sent only when somebody follows the link",
    )
    fewest_enterprises: int = setting(
        "SCORE_FEWEST_ENTERPRISES",
        5,
        "Changes of readings are told of this many enterprises together or more",
        check=POSITIVE,
    )
    fewest_persons: int = setting(
        "SCORE_FEWEST_PERSONS", 5, "Wages of fewer persons than this leave consulting for nobody", check=POSITIVE
    )
    zone: str = setting("SCORE_CONSULTING_ZONE", WIB, "Zone that decides whether a visit's day has come")


@cache
def consulting_settings() -> ConsultingSettings:
    return load(ConsultingSettings)


def today() -> date:
    """Return the day by which it is judged whether something has taken place."""
    return clock.today(consulting_settings().zone)
