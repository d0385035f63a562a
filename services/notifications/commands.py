"""Everything notifications can be asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.letter import Letter
from services.notifications.links import issue_link, make_signing_key
from shared.messaging import contacts
from shared.observability import metrics
from shared.runtime.context import current_trace
from shared.storage.transaction import transactional

__all__ = [
    "address_forgotten",
    "address_waiting",
    "issue_link",
    "make_signing_key",
    "release_letter",
    "resend_letter",
    "write_letter",
]


@transactional
def write_letter(
    *, template: str, cause_id: UUID, cause_at: datetime, recipient_id: UUID, institution_id: UUID | None,
    about: dict[str, Any], once_for: UUID | None = None, optional: bool = False,
) -> Letter:  # fmt: skip
    """A letter about a fact; the same fact, template and recipient again change nothing.

    With `once_for` the letter is written once for that thing, whatever further facts say of it. An `optional` letter is
    for somebody who may or may not have an address, and is no work for anybody where there is none.
    """
    letter_id = Letter.id_for(once_for or cause_id, template, recipient_id)
    known = Letter.find(letter_id)
    if known:
        return known
    letter = Letter(
        id=letter_id, template=template, cause_id=cause_id, cause_at=cause_at, recipient_id=recipient_id,
        institution_id=institution_id, about=about, optional=optional, correlation_id=current_trace().correlation_id,
        traceparent=current_trace().traceparent,
    )  # fmt: skip
    if letter.is_stale:
        letter.move("hold")
    else:
        letter.address(contacts.find(recipient_id))
    metrics.LETTERS.labels(letter.state).inc()
    return letter.save()


@transactional
def address_waiting(party_id: UUID) -> None:
    """A party's newest address arrived: its waiting letters can go out."""
    contact = contacts.find(party_id)
    for letter in Letter.objects(recipient_id=party_id):
        before = letter.state, letter.language
        letter.address(contact)
        if (letter.state, letter.language) != before:
            letter.save()


def address_forgotten() -> int:
    """Give waiting letters the addresses that are known by now; returns how many got one.

    A letter that is written in the moment in which its recipient's address arrives sees no address, nor is it seen.
    """
    waiting = {letter.recipient_id for letter in Letter.objects(state="waiting_for_contact")}
    known = [recipient for recipient in waiting if contacts.find(recipient)]
    for recipient in known:
        address_waiting(recipient)
    return len(known)


@transactional
def release_letter(letter_id: UUID) -> Letter:
    """A person decided that old news shall go out after all."""
    letter = Letter.get(letter_id)
    letter.move("release")
    letter.address(contacts.find(letter.recipient_id))
    return letter.save()


@transactional
def resend_letter(letter_id: UUID) -> Letter:
    """A person decided that a letter shall go out again; it keeps its Message-ID."""
    letter = Letter.get(letter_id)
    letter.move("resend")
    letter.next_try_at = letter.updated_at
    return letter.save()
