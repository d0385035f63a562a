"""The declaration of notifications."""

from shared.kernel.message import gettext_noop
from shared.kernel.service import Section, Service

SERVICE = Service(
    name="notifications",
    title=gettext_noop("Notifications"),
    port=8105,
    metrics_port=9105,
    subjects=(
        "links",
        "preferences",
        "occasions",
        "content",
        "letters",
        "trainings",
        "previews",
        "suppressions",
        "prints",
        "copies",
        "sending",
        "bounces",
        "calendars",
        "recipients",
    ),
    sections=(Section("letters", gettext_noop("Letters"), 60),),
)
