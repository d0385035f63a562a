"""The declaration of certification."""

from shared.kernel.message import gettext_noop
from shared.kernel.service import Section, Service

SERVICE = Service(
    name="certification",
    title=gettext_noop("Certification"),
    port=8103,
    metrics_port=9103,
    subjects=("catalogue", "partners", "trainers", "certificates", "qualifications", "verification"),
    sections=(Section("trainers", gettext_noop("Trainers"), 40),),
)
