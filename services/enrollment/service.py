"""The declaration of enrollment."""

from shared.kernel.message import gettext_noop
from shared.kernel.service import Section, Service

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
        "own_data",
        "dashboard",
        "transfers",
        "participation",
        "evaluations",
    ),
    sections=(
        Section("enterprises", gettext_noop("Enterprises"), 10),
        Section("trainings", gettext_noop("Trainings"), 20),
    ),
)
