"""The declaration of finance."""

from shared.kernel.service import Service

SERVICE = Service(
    name="finance",
    title={"id": "Keuangan", "en": "Finance"},
    port=8104,
    metrics_port=9104,
    subjects=("invoices", "prices", "billing", "dashboard"),
)
