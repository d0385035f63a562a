"""The declaration of enrollment."""

from shared.runtime.service import Service

SERVICE = Service(
    name="enrollment",
    title={"id": "Pendaftaran", "en": "Enrollment"},
    port=8101,
    metrics_port=9101,
)
