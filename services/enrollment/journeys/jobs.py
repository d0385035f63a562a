"""Lets modules lapse that were not completed in time, each in a transaction of its own."""

from __future__ import annotations

import calendar
from datetime import date

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.journeys import commands as journeys_commands
from services.enrollment.journeys.model import Journey
from services.enrollment.settings import enrollment_settings
from shared.contracts.values import DeliveryMode
from shared.kernel import clock
from shared.process.jobs import Timer
from shared.reference.zones import WIB

DECEMBER = 12

FIRST_DAY = date(1970, 1, 1)


def lapse_modules() -> int:
    """Let overdue modules lapse; return how many there were."""
    today = clock.today(WIB)
    limit = months_before(today, enrollment_settings().lapse_months)
    overdue = list(Journey.objects(begun_on__gte=FIRST_DAY, begun_on__lt=limit))
    for journey in overdue:
        enterprise = Enterprise.find(journey.enterprise_id)
        mode: DeliveryMode = enterprise.delivery_mode if enterprise else "direct"
        journeys_commands.lapse_module(journey.id, today=today, delivery_mode=mode)
    return len(overdue)


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last of that month."""
    year, month = divmod(day.year * DECEMBER + day.month - 1 - months, DECEMBER)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


LAPSE_MODULES = Timer("lapse_modules", enrollment_settings().lapse_check_seconds, lapse_modules)
