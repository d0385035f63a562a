"""Everything enrollment can be asked."""

from services.enrollment.enterprise_commands import (
    publish_module_version,
    register_enterprise,
    register_institution,
    suspend_institution,
)
from services.enrollment.training_commands import (
    count_visit,
    deliver_training,
    discount_visit,
    keep_baseline,
    keep_entitlement,
    reverse_delivery,
    schedule_training,
    seat_enterprise,
)

__all__ = [
    "count_visit",
    "deliver_training",
    "discount_visit",
    "keep_baseline",
    "keep_entitlement",
    "publish_module_version",
    "register_enterprise",
    "register_institution",
    "reverse_delivery",
    "schedule_training",
    "seat_enterprise",
    "suspend_institution",
]
