"""The declaration of enrollment."""

from shared.kernel.message import gettext_noop
from shared.kernel.service import Service

SERVICE = Service(
    name="enrollment",
    title=gettext_noop("Enrollment"),
    port=8101,
    metrics_port=9101,
    subjects=(
        "institutions",
        "trainers",
        "catalogue",
        "tax_numbers",
        "duplicates",
        "enterprises",
        "journeys",
        "people",
        "imports",
        "rosters",
        "trainings",
        "privacy",
        "dashboard",
        "transfers",
        "participation",
        "evaluations",
    ),
)
