"""Says what letters people can do without, and which ones arrive all the same and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.notifications.preferences.topics import Topic
from shared.kernel.message import gettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "topics": gettext_noop("I would like to get"),
    "language": gettext_noop("Language of the letters"),
}

TOPICS: Final[Mapping[Topic, str]] = {
    "trainings": gettext_noop(
        "Invitations, reminders and changes of trainings and visits, and what became of your reports of visits"
    ),
    "evaluations": gettext_noop("Questions about trainings and visits that took place"),
    "results": gettext_noop("Your way through the programme: registration, results, summaries and news"),
}

ALWAYS: Final[tuple[tuple[str, str], ...]] = (
    (gettext_noop("Invoices and receipts"), gettext_noop("Whoever pays needs the paper.")),
    (gettext_noop("Cancellations, and places that were given back"), gettext_noop("Else you would come for nothing.")),
    (gettext_noop("Certificates, and whether you may take part"), gettext_noop("You have a right to know.")),
    (gettext_noop("Answers about your data"), gettext_noop("The law wants you to have them.")),
)
