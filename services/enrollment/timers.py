"""What enrollment does by the clock."""

from services.enrollment import clockwork
from services.enrollment.settings import enrollment_settings
from shared.runtime.timer import Timer

TIMERS = (
    Timer("review_leads", enrollment_settings().entitlement_check_seconds, clockwork.review_leads),
    Timer("lapse_modules", enrollment_settings().lapse_check_seconds, clockwork.lapse_modules),
)
