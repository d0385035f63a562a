"""Sending letters: at most once when in doubt.

Each due letter is claimed in a transaction, sent outside of any, and its result stored in another. What the relay refused
before it had the whole letter is known not to have gone out: a temporary refusal is tried later, a permanent one is a
bounce. Everything that goes wrong after the letter's last byte leaves it `ambiguous`.
"""

from __future__ import annotations

import smtplib
from contextlib import closing, suppress
from datetime import timedelta
from uuid import UUID

from jinja2 import TemplateError

from services.notifications.letter import Letter
from services.notifications.mail import Mail, UnsafeHeader, compose
from services.notifications.settings import notification_settings
from shared.messaging import contacts
from shared.observability import logs, metrics
from shared.runtime import clock
from shared.runtime.context import Trace, tracing
from shared.runtime.settings import settings
from shared.storage.transaction import transactional

log = logs.get(__name__)
PERMANENT = 500
AGREED = (250, 251)


def send_due() -> None:
    """Send every letter whose time has come."""
    doubt_abandoned()
    now = clock.now()
    due = Letter.objects(state="queued", next_try_at__lte=now, next_try_at__gte=now - timedelta(days=3650))
    for letter_id in [letter.id for letter in due]:
        mail = claim(letter_id)
        if mail is not None:
            transmit(letter_id, mail)


@transactional
def claim(letter_id: UUID) -> Mail | None:
    """The letter's content, now that it is claimed; None when another got it or the address is gone."""
    letter = Letter.get(letter_id)
    contact = contacts.find(letter.recipient_id)
    if letter.state != "queued":
        return None
    if contact is None or not contact.get("email"):
        letter.lose_address()
        letter.save()
        return None
    letter.claim()
    try:
        mail = compose(letter, contact)
    except (UnsafeHeader, TemplateError) as error:  # this letter needs a person; the others go on
        log.error("letter not composed", letter=str(letter_id), error=type(error).__name__)
        letter.failed(type(error).__name__)
        mail = None
    letter.save()
    return mail


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
        settle(letter_id, "doubted" if handed_over else "deferred", type(error).__name__)
    else:
        settle(letter_id, "sent")


def connected() -> smtplib.SMTP:
    host, _, port = settings().smtp.rpartition(":")
    return smtplib.SMTP(host, int(port), timeout=notification_settings().smtp_timeout_seconds)


def take_leave(relay: smtplib.SMTP) -> None:
    """The relay has the letter: whatever it answers now changes nothing."""
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


@transactional
def settle(letter_id: UUID, result: str, reason: str = "") -> None:
    """Store what became of a letter, as part of the story that caused it."""
    letter = Letter.get(letter_id)
    if result == "sent":
        letter.sent()
    else:
        getattr(letter, result)(reason)
        log.warning("letter not sent", letter=str(letter_id), state=letter.state, reason=reason)
    story = Trace(correlation_id=letter.correlation_id, causation_id=letter.cause_id, traceparent=letter.traceparent)
    with tracing(story):
        letter.save()
    metrics.LETTERS.labels(letter.state).inc()


def doubt_abandoned() -> None:
    """Letters whose sender died in the middle of sending may have gone out."""
    before = clock.now() - timedelta(seconds=2 * notification_settings().smtp_timeout_seconds)
    for letter in Letter.objects(state="sending"):
        if letter.abandoned_before(before):
            settle(letter.id, "doubted", "sender-died")
