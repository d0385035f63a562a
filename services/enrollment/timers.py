"""What enrollment does by the clock."""

from services.enrollment import clockwork, commands
from services.enrollment.settings import enrollment_settings
from shared.runtime.timer import Timer

TIMERS = (
    Timer("sweep_letters", enrollment_settings().letter_sweep_seconds, commands.sweep_letters),
    Timer("review_leads", enrollment_settings().entitlement_check_seconds, clockwork.review_leads),
    Timer("lapse_modules", enrollment_settings().lapse_check_seconds, clockwork.lapse_modules),
    Timer("mark_overdue_requests", enrollment_settings().privacy_check_seconds, commands.mark_overdue_requests),
    Timer("work_imports", enrollment_settings().import_pause_seconds, commands.work_imports),
)
