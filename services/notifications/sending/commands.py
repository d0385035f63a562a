"""Sending letters: at most once when in doubt.

Each due letter is claimed in a transaction, sent outside of any, and its result stored in another. What the relay refused
before it had the whole letter is known not to have gone out: a temporary refusal is tried later, a permanent one is a
bounce. Everything that goes wrong after the letter's last byte leaves it `ambiguous`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from jinja2 import TemplateError

from services.notifications.letters.commands import takes_mailbox
from services.notifications.letters.mail import Mail, UnsafeHeader, compose
from services.notifications.letters.model import Letter, Retry
from services.notifications.settings import notification_settings
from shared.kernel import clock
from shared.kernel.context import tracing
from shared.kernel.trace import Trace
from shared.messaging import parties
from shared.observability import logs, metrics
from shared.storage.transaction import transactional

log = logs.get(__name__)
Result: TypeAlias = Literal["sent", "bounced", "deferred", "ambiguous"]


@transactional
def claim(letter_id: UUID) -> Mail | None:
    """Claim a letter and return its content; None when another got it or the address is gone, or was asked for somebody else."""
    letter = Letter.get(letter_id)
    contact = parties.find(letter.recipient_id)
    if letter.state != "queued":
        return None
    if contact is None and parties.is_in_doubt(letter.recipient_id):
        letter.await_contact()
        letter.save()
        return None
    email = contact.get("email") if contact else None
    if contact is None or not email:
        letter.lose_address()
        letter.save()
        return None
    if not takes_mailbox(letter, email):
        letter.leave_unwritten("mailbox-asked")
        letter.save()
        return None
    letter.claim(clock.now())
    try:
        mail = compose(letter, contact)
    except (UnsafeHeader, TemplateError) as error:  # this letter needs a person; the others go on
        log.error("letter not composed", letter=str(letter_id), error=type(error).__name__)
        letter.failed(type(error).__name__)
        mail = None
    letter.save()
    return mail


@transactional
def settle(letter_id: UUID, result: Result, reason: str = "") -> None:
    """Store what became of a letter, as part of the story that caused it."""
    letter, now = Letter.get(letter_id), clock.now()
    match result:
        case "sent":
            letter.sent(now)
        case "bounced":
            letter.bounced(reason)
        case "deferred":
            letter.deferred(reason, now=now, retry=_retry())
        case "ambiguous":
            letter.mark_ambiguous(reason)
    if result != "sent":
        log.warning("letter not sent", letter=str(letter_id), state=letter.state, reason=reason)
    story = Trace(correlation_id=letter.correlation_id, causation_id=letter.cause_id, traceparent=letter.traceparent)
    with tracing(story):
        letter.save()
    metrics.LETTERS.labels(letter.state).inc()


def doubt_abandoned() -> None:
    """Mark as ambiguous the letters whose sender died in the middle of sending: they may have gone out."""
    before = clock.now() - timedelta(seconds=2 * notification_settings().smtp_timeout_seconds)
    for letter in Letter.objects(state="sending"):
        if letter.abandoned_before(before):
            settle(letter.id, "ambiguous", "sender-died")


def _retry() -> Retry:
    chosen = notification_settings()
    return Retry(
        first_seconds=chosen.retry_first_seconds,
        longest_seconds=chosen.retry_max_seconds,
        give_up_after=timedelta(hours=chosen.retry_for_hours),
    )
