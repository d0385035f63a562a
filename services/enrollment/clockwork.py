"""Rounds over what time alone changes: leads of planned classrooms, modules that were not completed in time.

Each thing is looked at in a transaction of its own, so that a long list neither holds the store nor is begun again.
"""

from __future__ import annotations

import calendar
from datetime import date

from services.enrollment import commands
from services.enrollment.enterprise import Enterprise
from services.enrollment.journey import ZONE, Journey
from services.enrollment.settings import enrollment_settings
from services.enrollment.training import Training
from shared.contracts.values import DeliveryMode
from shared.runtime import clock

DECEMBER = 12
FIRST_DAY = date(1970, 1, 1)


def review_leads() -> int:
    """Look at the leads of all planned classrooms again; how many findings are new."""
    planned = [(training.id, clock.today(training.zone)) for training in Training.objects(state="scheduled")]
    return sum(commands.review_lead(training_id, today=today) for training_id, today in planned)


def lapse_modules() -> int:
    """Let overdue modules lapse; how many there were."""
    today = clock.today(ZONE)
    last = months_before(today, enrollment_settings().lapse_months)
    overdue = list(Journey.objects(begun_on__gte=FIRST_DAY, begun_on__lt=last))
    for journey in overdue:
        enterprise = Enterprise.find(journey.enterprise_id)
        mode: DeliveryMode = enterprise.delivery_mode if enterprise else "direct"
        commands.lapse_module(journey.id, today=today, delivery_mode=mode)
    return len(overdue)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    year, month = divmod(day.year * DECEMBER + day.month - 1 - months, DECEMBER)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
