"""Hands a letter to the mail relay, and finds out whether it took it."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import closing, suppress
from uuid import UUID

from services.notifications.letters.mail import Mail
from services.notifications.sending.commands import settle
from services.notifications.settings import notification_settings

PERMANENT = 500
AGREED = (250, 251)


def transmit(letter_id: UUID, mail: Mail) -> None:
    """Hand a claimed letter to the mail relay and store what became of it.

    A relay that does not let us in says nothing about the letter: that is tried again, whatever its code.
    """
    handed_over = False
    try:
        relay = connected()
    except (OSError, smtplib.SMTPException) as error:
        settle(letter_id, "deferred", type(error).__name__)
        return
    try:
        with closing(relay):
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
    """Connect to the relay as the settings say; where they say TLS, nothing is told to a relay that did not prove who it is."""
    chosen = notification_settings()
    host, _, port = chosen.smtp.rpartition(":")
    timeout, trusted = chosen.smtp_timeout_seconds, ssl.create_default_context(cafile=chosen.smtp_ca_file or None)
    relay = (
        smtplib.SMTP_SSL(host, int(port), timeout=timeout, context=trusted)
        if chosen.smtp_security == "tls"
        else smtplib.SMTP(host, int(port), timeout=timeout)
    )
    try:
        if chosen.smtp_security == "starttls":
            relay.starttls(context=trusted)
        relay.ehlo_or_helo_if_needed()
        if chosen.smtp_user:
            relay.login(chosen.smtp_user, chosen.smtp_password)
    except (OSError, smtplib.SMTPException):
        relay.close()
        raise
    return relay


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
