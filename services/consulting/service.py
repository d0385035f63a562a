"""The declaration of consulting."""

from shared.kernel.service import Service

SERVICE = Service(
    name="consulting",
    title={"id": "Pendampingan", "en": "Consulting"},
    port=8102,
    metrics_port=9102,
    subjects=("catalogue", "enterprises", "visits"),
)
