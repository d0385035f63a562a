"""Reads the programme's day, and judges the days of a certificate by it."""

from __future__ import annotations

from datetime import date

from services.certification.certificates.rules import last_day
from services.certification.qualifications.errors import BEFORE_FIRST_DAY, EARNED_LATER
from services.certification.settings import certification_settings
from shared.domain.errors import Invalid
from shared.domain.refusals import Refusals
from shared.kernel import clock


def certification_today() -> date:
    return clock.today(certification_settings().zone)


def checked_last_day(valid_from: date, valid_to: date | None) -> date:
    """Return the last day, as given or by the programme's rule; refuses days that cannot be."""
    faults = Refusals()
    with faults.gather():
        if valid_from > certification_today():
            raise Invalid(errors=[EARNED_LATER.at("/valid_from")])
    until = valid_to or last_day(valid_from, certification_settings().certificate_months)
    with faults.gather():
        if until < valid_from:
            raise Invalid(errors=[BEFORE_FIRST_DAY.at("/valid_to")])
    faults.end()
    return until
