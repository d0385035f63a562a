"""What the programme may choose about enrollment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from marshmallow.validate import OneOf

from shared.runtime.settings import POSITIVE, load, setting

GATE = OneOf(["on", "warn", "off"])


@dataclass(frozen=True, slots=True)
class EnrollmentSettings:
    baseline_gate: str = setting(
        "SCORE_GATE_BASELINE", "off", "Delivery of a first module needs a baseline assessment", check=GATE
    )
    entitlement_gate: str = setting(
        "SCORE_GATE_ENTITLEMENT", "on", "A lead trainer needs a certificate for the module on every day", check=GATE
    )
    classroom_capacity: int = setting(
        "SCORE_CLASSROOM_CAPACITY", 20, "Seats of a classroom where none are given", check=POSITIVE
    )


@cache
def enrollment_settings() -> EnrollmentSettings:
    return load(EnrollmentSettings)
