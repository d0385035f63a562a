"""Hands a letter to the mail relay, and finds out whether it took it."""

from __future__ import annotations

import smtplib
from contextlib import closing, suppress
from uuid import UUID

from services.notifications.letters.mail import Mail
from services.notifications.sending.commands import settle
from services.notifications.settings import notification_settings
from shared.kernel.settings.current import settings

PERMANENT = 500
AGREED = (250, 251)


def transmit(letter_id: UUID, mail: Mail) -> None:
    """Hand a claimed letter to the mail relay and store what became of it."""
    handed_over = False
    try:
        with closing(connected()) as relay:
            relay.ehlo_or_helo_if_needed()
            require(*relay.mail(mail.sender))
            require(*relay.rcpt(mail.recipient))
            handed_over = True
            require(*relay.data(mail.wire))
            take_leave(relay)
    except (Refused, smtplib.SMTPResponseException) as refusal:
        code = refusal.smtp_code if isinstance(refusal, smtplib.SMTPResponseException) else refusal.code
        settle(letter_id, "bounced" if code >= PERMANENT else "deferred", f"smtp-{code}")
    except (OSError, smtplib.SMTPException) as error:
        settle(letter_id, "ambiguous" if handed_over else "deferred", type(error).__name__)
    else:
        settle(letter_id, "sent")


def connected() -> smtplib.SMTP:
    host, _, port = settings().smtp.rpartition(":")
    return smtplib.SMTP(host, int(port), timeout=notification_settings().smtp_timeout_seconds)


def take_leave(relay: smtplib.SMTP) -> None:
    """End the session; the relay has the letter, and whatever it answers now changes nothing."""
    with suppress(OSError, smtplib.SMTPException):
        relay.quit()


class Refused(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def require(code: int, _answer: bytes) -> None:
    """Raise `Refused` unless the relay agreed."""
    if code not in AGREED:
        raise Refused(code)
