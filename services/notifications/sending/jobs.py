"""Sends by the clock what is due."""

from __future__ import annotations

from datetime import timedelta

from services.notifications.letters.model import Letter
from services.notifications.sending.commands import claim, doubt_abandoned
from services.notifications.sending.smtp import transmit
from services.notifications.settings import notification_settings
from shared.kernel import clock
from shared.process.jobs import Timer


def send_due() -> None:
    """Send every letter whose time has come."""
    doubt_abandoned()
    now = clock.now()
    due = Letter.objects(state="queued", next_try_at__lte=now, next_try_at__gte=now - timedelta(days=3650))
    for letter_id in [letter.id for letter in due]:
        mail = claim(letter_id)
        if mail is not None:
            transmit(letter_id, mail)


SEND_LETTERS = Timer("send_letters", notification_settings().sending_seconds, send_due)
