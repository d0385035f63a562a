"""The settings that the programme may choose about consulting."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from shared.kernel.settings.declaration import POSITIVE, load, setting
from shared.reference.zones import WIB


@dataclass(frozen=True, slots=True)
class ConsultingSettings:
    visit_minutes: int = setting(
        "SCORE_VISIT_MINUTES", 120, "Planned length of a visit where none is given", check=POSITIVE
    )
    zone: str = setting("SCORE_CONSULTING_ZONE", WIB, "Zone that decides whether a visit's day has come")


@cache
def consulting_settings() -> ConsultingSettings:
    return load(ConsultingSettings)
