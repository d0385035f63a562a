"""The declaration of reporting."""

from shared.kernel.service import Service

SERVICE = Service(
    name="reporting",
    title={"id": "Hasil", "en": "Results"},
    port=8106,
    metrics_port=9106,
    subjects=("opening_balances", "targets", "projections", "freshness", "results"),
)
