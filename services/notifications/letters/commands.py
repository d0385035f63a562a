"""Writes letters, and sends them again where a person decided so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.notifications.letters.model import ANSWERED, AskedMailbox, Letter
from services.notifications.preferences.queries import as_chosen
from services.notifications.settings import notification_settings
from shared.kernel import clock
from shared.kernel.context import current_trace
from shared.messaging import parties
from shared.observability import metrics
from shared.storage.transaction import transactional


@transactional
def write_letter(
    *, template: str, cause_id: UUID, cause_at: datetime, recipient_id: UUID, institution_id: UUID | None,
    about: Mapping[str, str | int | list[str]], once_for: UUID | None = None, optional: bool = False,
    useful_until: datetime | None = None,
) -> Letter | None:  # fmt: skip
    """Write a letter about an event; the same event, template and recipient again change nothing.

    With `once_for` the letter is written once for that thing, whatever further events say of it. An `optional` letter is
    for somebody who may or may not have an address, and is no work for anybody where there is none. What is `useful_until`
    a moment is not written after it (then None is returned), nor sent, nor released.
    """
    now = clock.now()
    if useful_until is not None and useful_until < now:
        return None
    letter_id = Letter.id_for(once_for or cause_id, template, recipient_id)
    written = Letter.find(letter_id)
    if written:
        return written
    letter = Letter(
        id=letter_id, template=template, cause_id=cause_id, cause_at=cause_at, recipient_id=recipient_id,
        institution_id=institution_id, about=dict(about), optional=optional, useful_until=useful_until,
        correlation_id=current_trace().correlation_id, traceparent=current_trace().traceparent,
    )  # fmt: skip
    if letter.is_stale(now, notification_settings().fresh_for):
        letter.transition("hold")
    else:
        _address(letter)
    metrics.LETTERS.labels(letter.state).inc()
    return letter.save()


@transactional
def release_letter(letter_id: UUID) -> Letter:
    """Release a letter with old news, since a person decided that it shall go out after all."""
    letter = Letter.get(letter_id)
    letter.transition("release")
    if letter.is_too_late(clock.now()):
        letter.leave_unwritten("occasion-passed")
    else:
        _address(letter)
    return letter.save()


@transactional
def resend_letter(letter_id: UUID) -> Letter:
    """Let a letter go out again, since a person decided so; it keeps its Message-ID."""
    letter = Letter.get(letter_id)
    letter.resend(clock.now())
    return letter.save()


@transactional
def forget_recipient(party_id: UUID) -> None:
    """Leave the letters unwritten that wait for somebody who was erased; a mailbox that was asked is no longer theirs."""
    for letter in Letter.objects(recipient_id=party_id):
        before = letter.state, letter.reason, letter.address_id
        letter.forget_recipient()
        if (letter.state, letter.reason, letter.address_id) != before:
            letter.save()
        for mailbox in AskedMailbox.objects(letter_id=letter.id):
            mailbox.letter_id = None
            mailbox.save()


def takes_mailbox(letter: Letter, email: str) -> bool:
    """Take a mailbox for a letter that asks about a training, in the running transaction; False where another letter has it."""
    if letter.template != ANSWERED:
        return True
    asked_id = AskedMailbox.id_of(letter.about["training_id"], email)
    taken = AskedMailbox.find(asked_id)
    if taken is None:
        AskedMailbox(id=asked_id, letter_id=letter.id).save()
    return taken is None or taken.letter_id == letter.id


def _address(letter: Letter) -> None:
    """Queue a letter whose recipient can be written to by now."""
    contact = as_chosen(parties.find(letter.recipient_id), letter.recipient_id)
    letter.address(contact, now=clock.now(), fresh_for=notification_settings().fresh_for)
