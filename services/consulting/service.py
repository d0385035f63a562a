"""The declaration of consulting."""

from shared.kernel.message import gettext_noop
from shared.kernel.service import Section, Service

SERVICE = Service(
    name="consulting",
    title=gettext_noop("Consulting"),
    port=8102,
    metrics_port=9102,
    subjects=(
        "catalogue",
        "enterprises",
        "trainers",
        "readings",
        "assessments",
        "reports",
        "visits",
        "plans",
        "confirmations",
        "reviews",
        "dashboard",
    ),
    sections=(Section("visits", gettext_noop("Visits"), 30),),
)
