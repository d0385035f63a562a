"""The declaration of finance."""

from shared.kernel.message import gettext_noop
from shared.kernel.service import Section, Service

SERVICE = Service(
    name="finance",
    title=gettext_noop("Finance"),
    port=8104,
    metrics_port=9104,
    subjects=("invoices", "payments", "prices", "billing", "credit_notes", "costs", "recovery", "dashboard"),
    sections=(Section("money", gettext_noop("Money"), 50),),
)
