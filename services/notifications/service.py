"""The declaration of notifications."""

from shared.kernel.service import Service

SERVICE = Service(
    name="notifications",
    title={"id": "Pemberitahuan", "en": "Notifications"},
    port=8105,
    metrics_port=9105,
    subjects=("links", "letters", "sending", "recipients"),
)
