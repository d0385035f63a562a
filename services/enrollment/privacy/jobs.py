"""Marks requests that were not answered in time."""

from services.enrollment.privacy import commands
from services.enrollment.settings import enrollment_settings
from shared.process.jobs import Timer

MARK_OVERDUE_REQUESTS = Timer(
    "mark_overdue_requests", enrollment_settings().privacy_check_seconds, commands.mark_overdue_requests
)
