"""Listens to the other services: what they say is told in letters, as the kinds of letters declare it.

Letters about trainings are written where the plan of each training is known (`trainings`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial

from services.notifications.content.consents import CONSENT_CHANGED
from services.notifications.letters import commands
from services.notifications.letters.kinds import KINDS
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.contracts.events.enrollment import ConsentChanged
from shared.messaging.subscriptions import ConsumerGroup

CONTACT = "contact"

letters = ConsumerGroup("notifications.letters", start="now")


def write_letters(templates: Sequence[str], event: Event, about: Envelope) -> None:
    for template in templates:
        for heard in KINDS[template].heard:
            if isinstance(event, heard.event):
                commands.tell(template, heard, event, cause_id=about.id, cause_at=about.time, sequence=about.sequence)


@letters.handles(ConsentChanged)
def confirm_consent(event: ConsentChanged, about: Envelope) -> None:
    """Confirm to a person what holds now; who does not consent to be contacted any more is left in peace."""
    commands.write_letter(
        template=CONSENT_CHANGED,
        cause_id=about.id,
        cause_at=about.time,
        recipient_id=event.participant_id,
        institution_id=None,
        about={
            "purposes": list(event.purposes),
            "withdrawn": list(event.withdrawn),
            "enterprise_id": str(event.enterprise_id),
            "to": "participant",
        },
        optional=True,
        unwanted=CONTACT not in event.purposes,
    )


def _templates_by_event() -> dict[type[Event], list[str]]:
    telling: dict[type[Event], list[str]] = defaultdict(list)
    for template, kind in KINDS.items():
        for heard in kind.heard:
            telling[heard.event].append(template)
    return telling


for event_type, templates in _templates_by_event().items():
    letters.handles(event_type)(partial(write_letters, templates))
