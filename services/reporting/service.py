"""The declaration of reporting."""

from shared.kernel.message import gettext_noop
from shared.kernel.service import Section, Service

SERVICE = Service(
    name="reporting",
    title=gettext_noop("Results"),
    port=8106,
    metrics_port=9106,
    subjects=("opening_balances", "targets", "projections", "freshness", "results"),
    sections=(Section("results", gettext_noop("Results"), 70),),
)
