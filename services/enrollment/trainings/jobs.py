"""Finds planned classrooms whose lead trainer is no longer entitled, each looked at in a transaction of its own."""

from __future__ import annotations

from services.enrollment.settings import enrollment_settings
from services.enrollment.trainings import commands
from services.enrollment.trainings.model import Training
from shared.kernel import clock
from shared.process.jobs import Timer


def review_leads() -> int:
    """Look at the leads of all planned classrooms again; return how many findings are new."""
    planned = [(training.id, clock.today(training.zone)) for training in Training.objects(state="scheduled")]
    return sum(commands.review_lead(training_id, today=today) for training_id, today in planned)


REVIEW_LEADS = Timer("review_leads", enrollment_settings().entitlement_check_seconds, review_leads)
